import type { Scene } from "./data-scenes.ts";
import { joined, plant } from "./plant.ts";
import { capital } from "./values.ts";

const many = (count: number, make: (index: number) => ReturnType<Scene>) =>
  Array.from({ length: count }, (_, index) => make(index));

/** Scenes that speak of people, numbers and secrets and hold nothing to protect. */
export const emptyScenes: readonly Scene[] = [
  (v) =>
    plant`A password is only as good as the place it is kept in. Teams that share one secret between ${v.random.between(3, 30)} services find out during an incident. Rotate API keys every ${v.random.between(30, 90)} days, never log tokens, and let the credential helper do the rest. See section ${v.random.between(2, 9)}.${v.random.between(1, 9)}.`,
  (v) =>
    plant`How to store the client secret: put it into the vault under kv/${v.word(1)}, set API_KEY to the path, and read it at start. The password policy asks for length ${v.random.between(12, 20)}, the token for a scope. No secret: no deployment.`,
  (v) =>
    plant`Then ${capital(v.word(2))} laughed and ${capital(v.word(2))} ${capital(v.word(2))} put down the cup. It was 18${v.random.digits(2)}, the year of the flood, and ${v.random.between(2, 9)},${v.random.digits(3)} people had come from ${capital(v.word(2))} to see the bridge. "Number ${v.random.digits(2)}," said the old man, "was my house."`,
  (v) =>
    plant`${joined(
      many(
        8,
        (row) =>
          plant`${row + 1}. ${capital(v.word(2))} ${capital(v.word(2))}  ${v.random.between(1, 4)}:${v.random.digits(2)}.${v.random.digits(2)}  ${v.random.between(100, 999)} pts`,
      ),
      "\n",
    )}\nWind 1.${v.random.digits(1)} m/s`,
  (v) =>
    plant`# Changelog\n\n## ${v.random.between(1, 9)}.${v.random.digits(2)}.0 (2024-1${v.random.between(0, 2)}-0${v.random.between(1, 9)})\n\n- bump ${v.word(2)} to ${v.random.between(1, 9)}.${v.random.digits(1)}.${v.random.digits(2)} (${v.random.shape("xxxxxxx")})\n- fix: closes #${v.random.digits(5)}, #${v.random.digits(4)}\n- drop support for 10.0.${v.random.digits(5)} builds\n`,
  (v) =>
    plant`"node_modules/${v.word(2)}": {\n  "version": "${v.random.between(1, 9)}.${v.random.digits(1)}.${v.random.digits(1)}",\n  "link": false,\n  "integrity": "sha512-${Buffer.from(v.random.digits(64)).toString("base64")}==",\n  "engines": { "node": ">=18" }\n}`,
  (v) =>
    plant`!function(e,t){"object"==typeof exports?module.exports=t():e.${v.word(1)}=t()}(this,function(){var n=${v.random.digits(10)},r=0x${v.random.shape("xxxxxxxx")};return n^r});//# sourceMappingURL=${v.word(1)}.min.js.map`,
  (v) =>
    plant`![logo](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA${Buffer.from(v.random.digits(240)).toString("base64")})`,
  (v) =>
    plant`iso.3.6.1.2.1.2.2.1.${v.random.between(1, 30)}.${v.random.between(1, 9)} = Counter32: ${v.random.digits(10)}\niso.3.6.1.4.1.${v.random.digits(4)}.2.3.1 = STRING: "${v.word(2)}"`,
  (v) =>
    plant`${capital(v.word(2))}, ${capital(v.word(1))}. (19${v.random.digits(2)}). On ${v.word(2)} and ${v.word(3)}. J. ${capital(v.word(2))}, ${v.random.between(10, 60)}(${v.random.between(1, 9)}), 1${v.random.digits(2)}-2${v.random.digits(2)}. doi:10.1${v.random.digits(3)}/j.${v.random.digits(4)}.${v.random.digits(5)}.x ISBN 978-3-${v.random.digits(2)}-${v.random.digits(6)}-1`,
  (v) =>
    plant`t,sensor_a,sensor_b,counter\n${joined(
      many(
        20,
        (row) =>
          plant`17${v.random.digits(8)}${row % 10}00,${v.random.digits(2)}.${v.random.digits(4)},-${v.random.digits(1)}.${v.random.digits(5)},${v.random.digits(9)}`,
      ),
      "\n",
    )}\n`,
  (v) =>
    plant`env:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef:\n        name: ${v.word(2)}\n        key: password\n  - name: TOKEN\n    value: "{{ .Values.token }}"\nimage: registry.local/${v.word(1)}@sha256:${v.random.shape("x".repeat(64))}`,
  (v) =>
    plant`00000000  ${v.random.shape("xx xx xx xx xx xx xx xx  xx xx xx xx xx xx xx xx")}  |................|\n00000010  ${v.random.shape("xx xx xx xx xx xx xx xx  xx xx xx xx xx xx xx xx")}  |................|`,
  (v) =>
    plant`Bahnhofsansage: Der Zug ${v.random.digits(4)} nach ${capital(v.word(2))} fährt heute von Gleis ${v.random.between(2, 20)} ab, Abfahrt ${v.random.between(10, 22)}:${v.random.between(10, 59)}. Wagen ${v.random.between(21, 29)} bis ${v.random.between(30, 39)}.`,
  (v) =>
    plant`В ${v.random.between(1890, 1990)} году в городе было ${v.random.digits(6)} жителей; пароль, как шутили соседи, знали все. Страницы ${v.random.digits(3)}-${v.random.digits(3)}.`,
  (v) =>
    plant`合計は${v.random.digits(7)}円、注文番号${v.random.digits(10)}です。発送は${v.random.between(1, 12)}月${v.random.between(1, 28)}日の予定です。`,
  (v) =>
    plant`في عام 19${v.random.digits(2)} بلغ عدد السكان ${v.random.digits(6)} نسمة، والصفحة ${v.random.digits(3)} من الكتاب تذكر ذلك.`,
  (v) =>
    plant`order ${v.random.digits(9)} shipped with waybill ${v.random.digits(12)}; part ${v.random.shape("###-##-####-AA")}, sku ${v.random.digits(8)}, lot ${v.random.digits(10)}, qty ${v.random.digits(2)}, epoch 17${v.random.digits(11)}`,
  (v) =>
    plant`func (s *${capital(v.word(1))}) Login(ctx context.Context, user, password string) (string, error) {\n\ttoken, err := s.issuer.Token(ctx, user, hash(password))\n\tif err != nil {\n\t\treturn "", fmt.Errorf("login: %w", err)\n\t}\n\treturn token, nil\n}`,
  (v) =>
    plant`@media (min-width: ${v.random.digits(3)}px) { .${v.word(1)} { color: #${v.random.shape("xxxxxx")}; } }\n@import url("${v.word(2)}.css");\nimport { x } from "@${v.word(1)}/${v.word(2)}@${v.random.between(1, 9)}.0.0";`,
  (v) =>
    plant`$ git log --oneline -3\n${joined(
      many(
        3,
        () =>
          plant`${v.random.shape("xxxxxxx")} ${v.word(2)}: ${v.word(3)} (#${v.random.digits(4)})`,
      ),
      "\n",
    )}\n$ git show ${v.random.shape("x".repeat(40))} --stat`,
  (v) =>
    plant`Enter your card number as 0000 0000 0000 0000, your SSN as 000-00-0000 and your phone as (XXX) XXX-XXXX. Example key: sk-xxxxxxxxxxxxxxxxxxxxxxxx. Copies: ${v.random.between(2, 9)}.`,
];
