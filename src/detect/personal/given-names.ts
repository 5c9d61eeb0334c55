import { fold } from "../text/fold.ts";

/**
 * Common given names of many countries, in small letters without accents. One of them makes a
 * capitalised word a name where a label alone would leave doubt; names that are not among them are
 * found by their labels.
 */
const lists: readonly string[] = [
  // English.
  "james john robert michael william david richard joseph thomas charles christopher daniel matthew " +
    "anthony mark donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy " +
    "jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin " +
    "samuel gregory frank alexander raymond patrick jack dennis jerry tyler aaron jose adam nathan " +
    "henry douglas zachary peter kyle walter ethan jeremy harold keith christian roger noah gerald " +
    "terry sean arthur austin carl lawrence dylan jesse bryan billy joe bruce gabriel logan albert " +
    "willie alan juan wayne roy ralph randy eugene vincent bobby russell louis philip johnny harry " +
    "oliver oscar liam mason lucas theo leo toby simon martin neil graham nigel ian colin stuart " +
    "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen nancy lisa betty " +
    "margaret sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah " +
    "stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma " +
    "nicole helen samantha katherine christine debra rachel carolyn janet catherine maria heather " +
    "diane ruth julie olivia joyce virginia victoria kelly lauren christina joan evelyn judith megan " +
    "andrea cheryl hannah jacqueline martha gloria teresa ann sara madison frances kathryn janice " +
    "jean abigail alice julia judy sophia grace denise amber doris marilyn danielle beverly isabella " +
    "theresa diana natalie brittany charlotte marie kayla alexis lori jane jenny kate lucy chloe zoe " +
    "ella mia ava lily molly holly fiona gemma tracy wendy claire hazel ivy nora owen evan caleb " +
    "max ben sam tom tim jim bob dan mike dave steve chris alex nick matt andy tony kim pat lee ken " +
    "greg jeff liz beth sue becky jill jo meg abby ellie freya imogen poppy harriet alfie archie",
  // German, Dutch, Scandinavian.
  "hans peter klaus wolfgang jurgen dieter manfred uwe gunther gunter horst bernd karl heinz " +
    "stefan andreas matthias markus sebastian florian tobias jan lukas felix jonas leon finn paul " +
    "moritz jakob anton emil otto fritz ludwig franz josef johann georg heinrich friedrich kurt " +
    "petra sabine monika ursula renate brigitte helga ingrid gisela karin heike birgit anke silke " +
    "katrin kerstin claudia nadine anja julia lena lea mia hannah johanna greta frieda erika hilde " +
    "ute jutta heidi inge liesel annika svenja katharina pieter willem kees cornelis hendrik " +
    "dirk joost bram daan sem thijs ruben lars sven bjorn anders erik nils gustav magnus henrik " +
    "mikkel rasmus soren jens niels ole knut olav haakon sigrid astrid ingrid freja maja elsa ebba " +
    "linnea saga alva tuuli aino eero mikko juhani matti pekka antti kari heikki sanna paivi anneli " +
    "anne sofie sanne lotte fleur femke marieke saskia wilma truus kaj torsten gunnar birgitta",
  // French, Spanish, Portuguese, Italian.
  "pierre michel andre philippe alain bernard jacques francois christophe laurent olivier thierry " +
    "pascal eric nicolas julien sebastien guillaume antoine mathieu maxime alexandre romain luc " +
    "hugo louis jules gaston marcel rene yves etienne benoit damien cedric fabien emile baptiste " +
    "nathalie isabelle sylvie catherine martine francoise valerie sandrine veronique celine " +
    "aurelie emilie camille lea chloe manon ines juliette amelie elodie margaux josephine monique " +
    "genevieve brigitte colette odile helene carlos jose antonio manuel francisco javier miguel " +
    "angel rafael pedro alejandro fernando luis sergio jorge alberto diego pablo ramon enrique " +
    "vicente andres joaquin santiago mateo emilio ignacio gonzalo alvaro ricardo eduardo hector " +
    "raul ruben victor oscar marta carmen pilar dolores josefa isabel ana lucia elena cristina " +
    "paula raquel rosa beatriz silvia mercedes montserrat concepcion alba irene sofia valentina " +
    "camila daniela gabriela ximena guadalupe esperanza joao paulo luiz marcos rodrigo thiago " +
    "felipe bruno leonardo gustavo caio henrique vinicius matheus joana mariana beatriz larissa " +
    "fernanda juliana renata patricia leticia amanda rafaela giovanna tatiana catarina ines " +
    "marco giuseppe giovanni antonio luigi francesco mario roberto alessandro andrea stefano luca " +
    "matteo lorenzo davide simone paolo giorgio federico riccardo salvatore vincenzo pietro " +
    "giulia chiara francesca sara martina elisa alessia valentina federica paola giovanna rosa " +
    "anna lucia caterina ilaria elena silvia barbara beatrice ginevra aurora bianca serena",
  // Slavic, Baltic, Romanian, Hungarian, Greek, Turkish.
  "ivan dmitri dmitry sergei sergey alexei alexey mikhail nikolai nikolay vladimir andrei andrey " +
    "pavel boris igor oleg yuri viktor roman maxim kirill anton artem denis evgeny konstantin " +
    "anastasia ekaterina olga natalia natalya tatyana irina svetlana elena ludmila galina marina " +
    "ksenia daria yulia oksana piotr krzysztof andrzej tomasz jan pawel michal marcin grzegorz " +
    "jerzy tadeusz adam lukasz zbigniew kamil mateusz jakub szymon wojciech katarzyna malgorzata " +
    "agnieszka barbara krystyna ewa elzbieta zofia joanna magdalena monika aleksandra natalia " +
    "jiri petr josef vaclav tomas jaroslav zdenek miroslav frantisek lenka jana hana katerina " +
    "marko nikola luka milan dragan zoran goran jelena ivana milica bojan petar stoyan georgi " +
    "ion andrei mihai alexandru gheorghe elena ioana andreea istvan laszlo jozsef zoltan gabor " +
    "ferenc attila eszter katalin zsuzsanna ildiko giorgos yiannis dimitris nikos kostas panagiotis " +
    "vasilis eleni katerina sofia maria despina mehmet mustafa ahmet ali huseyin hasan ibrahim murat " +
    "emre can kemal orhan ayse fatma emine hatice zeynep elif merve selin deniz",
  // Arabic, Persian, Hebrew, Indian, East and South-East Asian, African, in Latin letters.
  "mohammed muhammad mohamed ahmad ahmed omar khalid hassan hussein youssef yusuf abdullah " +
    "abdul karim tariq rashid samir nabil faisal salman fatima aisha khadija mariam maryam zainab " +
    "layla leila noor huda amina salma yasmin reza amir hossein mehdi parisa shirin moshe david " +
    "yosef avraham itzhak noam yael tamar shira rivka noa avi raj rahul amit anil sunil vijay " +
    "sanjay rajesh suresh ramesh ravi arjun rohan vikram aditya arun deepak manoj ashok krishna " +
    "priya anjali pooja neha sunita anita kavita lakshmi meera divya shreya ananya asha geeta " +
    "wei ming jun li hui xin yan fang jing lei tao hong mei ling xiao yong hiroshi takashi " +
    "kenji satoshi kazuo akira haruto yuki sakura yuko keiko naoko hana aiko minjun jiho seojun " +
    "minji soyeon jiwoo hyun nguyen minh anh tuan linh thanh huong lan duc somchai siti budi " +
    "agus dewi putri kwame kofi ama chidi emeka ngozi adaeze oluwaseun tunde amara thabo sipho " +
    "nomsa lerato abebe tigist wanjiru kamau otieno juma",
  // Names in other scripts.
  "иван сергей дмитрий алексей андрей михаил николай владимир александр павел олег игорь юрий " +
    "виктор роман максим анна мария елена ольга наталья татьяна ирина светлана екатерина анастасия " +
    "людмила галина дарья юлия олександр тарас оксана петро γιώργος γιάννης δημήτρης νίκος κώστας " +
    "μαρία ελένη κατερίνα σοφία άννα παναγιώτης βασίλης",
];

const names = buildNames();

/** Whether a word is a common given name; its case and accents do not matter. */
export function isGivenName(word: string): boolean {
  return names.has(fold(word));
}

function buildNames(): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split(" ").map(fold)));
}
