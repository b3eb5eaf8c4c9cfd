#include "engine/corpus/sentence_templates.hpp"

namespace sketchscope::corpus {
namespace {

constexpr SentenceTemplate kOpenings[] = {
    "Once upon a time there were two friends, {P} and {Q}.",
    "Long ago, when wishes still came true, {P} met {Q} on the road.",
    "This is the tale of {P} and {Q}.",
    "Far away, behind seven hills, there was a village where {P} and {Q} grew up.",
    "Listen, and I will tell you about {P}, who had a friend called {Q}.",
    "In the year of the great snow {P} and {Q} sat by the fire and told stories.",
    "{weather}, and {P} went out to look for {Q}.",
    "One [spring|summer|autumn|winter] {P} and {Q} set out to see the world.",
    "Everybody in the village knew {P}, and everybody liked {Q}.",
    "In the year {year} {P} and {Q} were still young.",
    "My grandmother told me this story about {P} and {Q}.",
};

constexpr SentenceTemplate kArrivals[] = {
    "One day {P} came along and asked to stay.",
    "Then {P} came down the road and sat down beside {Q}.",
    "That was the week when {P} moved into the house next door.",
    "{Q} had a cousin called {P}, who came to visit.",
    "There was a knock at the door, and in came {P}.",
    "A ship brought {P}, an old friend of {Q}.",
    "Soon {P} joined them.",
    "{Q} met {P} at the well, and they became friends.",
};

constexpr SentenceTemplate kFillers[] = {
    "{weather}.",
    "{weather}, and {P} stayed at home.",
    "{weather}, but {P} did not mind.",
    "{time} {P} walked to {sight}.",
    "{time} {P} and {Q} walked along {sight} and talked about the weather.",
    "{P} was a {adjective} and {adjective} soul.",
    "{P} looked out of the window and thought of {sight}.",
    "A [cuckoo|blackbird|robin|lark] sang in the trees.",
    "{Q} laughed so loudly that the windows shook.",
    "{P} and {Q} sat down on a stone and rested.",
    "{time} the church bells rang.",
    "The children played near {sight} until it was dark.",
    "{P} made soup and {Q} set the table.",
    "They ate bread and butter and drank cold milk.",
    "\"What a [lovely|strange|long|fine] day,\" said {P}.",
    "\"Good morning,\" said {P}. \"Good morning to you,\" said {Q}.",
    "\"Are you [tired|hungry|cold|ready]?\" asked {Q}. \"Not at all,\" said {P}.",
    "{P} sang a song, and {Q} clapped both hands.",
    "The road went up and down and around {sight}.",
    "{time} a stranger rode by on a {adjective} horse and waved.",
    "{P} lost a shoe in the mud, and {Q} helped to pull it out.",
    "There was a smell of fresh bread in the street.",
    "{Q} told a [joke|riddle|story], but {P} did not understand it.",
    "{P} fell asleep under a tree and dreamed of {sight}.",
    "In the dream the clouds were made of wool.",
    "The {adjective} mayor made a speech about nothing at all.",
    "{P} chopped wood for an hour.",
    "{Q} mended the roof before the rain came.",
    "They played cards, and {P} won every game.",
    "They played chess, and {Q} lost every game.",
    "{time} the post came, but there was no news.",
    "A [fox|hare|deer|badger] ran across the road near {sight}.",
    "{P} swept the floor and {Q} washed the dishes.",
    "The river was high, and the boats lay still.",
    "\"I am glad that you are here, {Q},\" said {P}.",
    "\"Do not worry,\" said {Q}. \"Tomorrow is another day.\"",
    "\"Look at the [sky|stars|snow|flowers]!\" cried {P}.",
    "{P} wrote a long letter and tore it up again.",
    "An old woman sold [roses|ribbons|chestnuts|fish] in the square.",
    "The {adjective} teacher told the children to be quiet.",
    "{time} {P} went to bed early.",
    "{time} {Q} got up late and missed breakfast.",
    "It was so quiet that you could hear a leaf fall.",
    "The {adjective} [boy|girl|man|woman] from next door came to visit.",
    "They talked about this and that.",
    "Over the door of the inn stood the number {year}.",
    "The oldest tree near {sight} was planted in {year}.",
    "\"My grandfather was born in {year},\" said {Q}.",
    "The clock in the hall struck {number}.",
    "Nothing else happened that day.",
    "So the days went by, one after the other.",
    "{P} climbed a tree and looked over to {sight}.",
    "{Q} threw a stone into the water and watched the rings.",
    "A dog barked somewhere, and then it was still again.",
    "First came the [geese|sheep|cows|goats], then came {P}, and last of all came {Q}.",
    "{P} tried to whistle, but only air came out.",
    "The fire burned low, and {Q} fetched more wood.",
    "In the inn somebody played the fiddle, and people danced.",
    "{P} danced with {Q} until their feet hurt.",
    "\"May I come in?\" asked {Q}. \"Please do,\" said {P}, \"the kettle is on.\"",
    "One, two, three, four, five: {P} counted the steps.",
    "The wheel of the cart broke near {sight}, and they had to walk.",
    "{P} and {Q} had a quarrel, but soon they were friends again.",
    "When {P} sneezed, {Q} said, \"Bless you!\"",
    "{time} it was market day, and the street was full of people.",
    "Somebody had left the door open, and a cold wind came in.",
    "The moon rose over {sight}, round and yellow like a cheese.",
    "\"How far is it to {sight}?\" asked {P}. \"Not far,\" said {Q}.",
    "{P} was so [happy|sad|angry|surprised] that no words came.",
    "They shared a pear and threw the core to the birds.",
};

constexpr SentenceTemplate kDialogues[] = {
    "\"{question}\" asked {Q}. \"{answer},\" said {R}.",
    "\"{question}\" asked {Q}. \"{answer}!\" cried {R}.",
    "{Q} asked, \"{question}\" {R} answered, \"{answer}.\"",
    "\"Tell me, {R},\" said {Q}. \"{question}\" \"{answer},\" said {R}.",
    "\"{question}\" \"{answer}.\"",
    "Do you remember? {question} {answer}.",
    "{question} {answer}.",
    "\"I forgot something,\" said {Q}. \"{question}\" \"{answer},\" {R} said.",
    "{R} knew a lot. \"{question}\" asked {Q}, and {R} said, \"{answer}.\"",
    "Then {Q} wanted to know: \"{question}\" \"{answer},\" said {R} at once.",
    "A child asked, \"{question}\" And they all said, \"{answer}.\"",
    "\"{question}\" {R} thought for a moment. \"{answer}.\"",
    "If somebody asks you, \"{question}\" then say: \"{answer}.\"",
    "\"{question}\" \"That is easy. {answer}.\"",
    "The judge asked {R}: \"{question}\" \"{answer},\" was the reply.",
};

constexpr SentenceTemplate kRefrains[] = {
    "Over the {adjective} hill and under the {adjective} sky, {number} {adjective} birds go by.",
    "{number} {food} and {number} {food}, sang the {adjective} {animal}.",
    "Round and round the {object} we go, {colour} as the {adjective} snow.",
    "Ring the {object}, beat the {object}, the {adjective} {animal} will come.",
    "{colour} and {colour} and {colour} again, the {animal} is dancing in the rain.",
    "Who has seen the {adjective} {animal} with the {colour} {object}?",
    "Sleep, my {animal}, sleep, my {animal}, {number} stars are in the sky.",
    "Row to {town}, row to {town}, the {adjective} {animal} will row you down.",
};

constexpr SentenceTemplate kSinging[] = {
    "They sang: {refrain}",
    "The children sang: {refrain}",
    "{P} and {Q} sang: {refrain}",
    "Far away somebody was singing: {refrain}",
    "{P} hummed the old song: {refrain}",
};

constexpr SentenceTemplate kQuotations[] = {
    "{P} wrote it all down: {sentence}",        "It was just as before. {sentence}",
    "{P} told it once more: {sentence}",        "As I said, and as everybody knows: {sentence}",
    "In the diary of {P} it reads: {sentence}",
};

constexpr SentenceTemplate kLists[] = {
    "This is what the list on the door said:",
    "{P} read from a long list:",
    "In the big book of {Q} it was written:",
};

constexpr SentenceTemplate kListsAgain[] = {
    "Again the list was read aloud:",
    "{P} knew the list by heart:",
    "{Q} repeated the list in another order:",
    "Once more, so that nobody was forgotten:",
};

constexpr SentenceTemplate kEndings[] = {
    "And that is the end of the tale.",
    "And if they have not gone away, they are there still.",
    "So {P} and {Q} lived happily ever after.",
    "Then {P} blew out the light, and everyone slept.",
    "That is all I know about {P} and {Q}.",
};

constexpr StoryTemplates kStory{.openings = kOpenings,
                                .arrivals = kArrivals,
                                .fillers = kFillers,
                                .dialogues = kDialogues,
                                .refrains = kRefrains,
                                .singing = kSinging,
                                .quotations = kQuotations,
                                .lists = kLists,
                                .lists_again = kListsAgain,
                                .endings = kEndings};

}  // namespace

const StoryTemplates& story_templates() {
  return kStory;
}

}  // namespace sketchscope::corpus
