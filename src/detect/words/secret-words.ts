import { type TopicWords, topics } from "../scan/topics.ts";

/** Words near passwords, keys and tokens, and the names of those who give them out. */
export const secretWords: TopicWords = [
  [
    topics.password,
    "password passwords passwd pwd pw pass passphrase passcode passwort kennwort passwörter mdp motdepasse " +
      "contraseña contrasena clave senha palavra hasło haslo wachtwoord lösenord losenord adgangskode " +
      "passord salasana heslo jelszo jelszó parola şifre sifre пароль пароля паролем парола лозинка " +
      "κωδικός סיסמה סיסמא رمز 密码 密碼 口令 パスワード 暗証番号 비밀번호 암호 รหัสผ่าน dbpassword userpassword " +
      "dbpass rootpassword adminpassword mysqlpwd pgpassword sshpass keypass storepass," +
      "mot de passe,palavra passe,palavra chave,mật khẩu,كلمة المرور,كلمة السر,pass phrase,pass word," +
      "κωδικός πρόσβασης,kata sandi",
  ],
  [
    topics.secret,
    "secret secrets token tokens apikey apikeys apitoken accesstoken authtoken refreshtoken " +
      "clientsecret secretkey appsecret sharedsecret privatekey signingkey encryptionkey accesskey " +
      "authkey bearer auth credential credentials creds cred geheimnis geheim jeton segredo segreto " +
      "secreto sekret chiave токен секрет ключ 令牌 密钥 密鑰 秘钥 トークン シークレット 秘密鍵 토큰 시크릿," +
      "api key,api keys,access key,auth key,client key,app key,secret key,shared key,signing key," +
      "encryption key,master key,private key,session key,consumer key,deploy key,service key," +
      "account key,license key,recovery key,subscription key,storage key,hmac key,x api key," +
      "api schlüssel,clé api,clé secrète,clave api,clave secreta,chave api,chave secreta," +
      "chave de api,chiave api,klucz api,ключ api,api ключ",
  ],
  [
    topics.awsSecret,
    "aws amazon secretaccesskey awssecret,secret access,secret access key,aws secret,aws secret key," +
      "amazon secret,s3 secret,secret key",
  ],
  [
    topics.azure,
    "azure accountkey storagekey sharedaccesskey,account key,storage key,storage account key," +
      "shared access key,azure openai,cognitive services,subscription key,ocp apim",
  ],
  [topics.mistral, "mistral mistralai codestral,mistral ai,la plateforme"],
  [topics.cohere, "cohere,co api,cohere api"],
  [topics.zhipu, "zhipu zhipuai bigmodel glm chatglm zai 智谱,z ai,zhipu ai"],
  [topics.twilio, "twilio"],
];
