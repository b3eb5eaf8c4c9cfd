#include "engine/corpus/sentence_templates.hpp"

#include <algorithm>
#include <array>

#include "engine/core/error.hpp"

namespace sketchscope::corpus {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view kWomen[] = {
    "Mira",  "Anna",  "Clara", "Greta", "Hilda", "Ida",   "Jenny",  "Kate",  "Lotte",
    "Nora",  "Olga",  "Petra", "Rosa",  "Sally", "Tilda", "Ursula", "Vera",  "Wilma",
    "Agnes", "Bella", "Cora",  "Daisy", "Emma",  "Flora", "Hannah", "Martha"};
constexpr std::string_view kMen[] = {
    "Tobin", "Adam",   "Boris",  "Conrad", "David",  "Emil", "Felix",  "Gus",  "Hugo",
    "Ivan",  "Jonas",  "Karl",   "Leo",    "Max",    "Ned",  "Oscar",  "Paul", "Robin",
    "Simon", "Thomas", "Victor", "Walter", "Albert", "Ben",  "Oliver", "Peter"};
constexpr std::string_view kTowns[] = {
    "Oldford",     "Hazelby",   "Millbrook",  "Redhill",  "Seaport",   "Northgate", "Greenfield",
    "Stonebridge", "Appleton",  "Foxhollow",  "Lakewood", "Windham",   "Sandby",    "Birchwood",
    "Ashford",     "Crowhurst", "Deepwell",   "Elmstead", "Fairview",  "Goosemoor", "Highcliff",
    "Ivybank",     "Kingsley",  "Longmeadow", "Marshend", "Newcastle", "Otterton",  "Pinewood",
    "Quarrytown",  "Riverside", "Saltmarsh",  "Thornbury"};
constexpr std::string_view kTrades[] = {
    "a miller",  "a baker",      "a smith",      "a weaver",    "a fisherman", "a shepherd",
    "a tailor",  "a cook",       "a gardener",   "a teacher",   "a doctor",    "a sailor",
    "a potter",  "a painter",    "a farmer",     "a hunter",    "a carpenter", "a cobbler",
    "a postman", "a clockmaker", "a singer",     "a beekeeper", "a ferryman",  "a mason",
    "a barber",  "a butcher",    "an innkeeper", "a juggler"};
constexpr std::string_view kObjects[] = {
    "lantern", "key",     "crown",  "drum",   "kite",    "mirror",   "ring",      "map",
    "bell",    "whistle", "flute",  "hammer", "spoon",   "candle",   "letter",    "book",
    "coin",    "button",  "ladder", "teapot", "blanket", "umbrella", "compass",   "feather",
    "basket",  "bottle",  "violin", "clock",  "knife",   "rope",     "box",       "jug",
    "scarf",   "saddle",  "shell",  "marble", "puppet",  "trumpet",  "necklace",  "brush",
    "wheel",   "shovel",  "purse",  "anchor", "cushion", "thimble",  "telescope", "sledge"};
constexpr std::string_view kPlaces[] = {
    "under the bridge",     "in the barn",       "behind the mill",      "in the well",
    "under the bed",        "in the cellar",     "behind the stove",     "in the attic",
    "under the oak",        "in the chimney",    "behind the church",    "in the cave",
    "on the roof",          "in the cupboard",   "under the stairs",     "in the haystack",
    "behind the waterfall", "in the tower",      "beside the pond",      "in the boat",
    "under the carpet",     "in the stable",     "behind the curtain",   "in the oven",
    "on the windowsill",    "in the garden",     "under the pillow",     "in the chest",
    "behind the fence",     "in the hollow log", "beside the gate",      "in the wagon",
    "under the table",      "in the kitchen",    "behind the bakery",    "in the orchard",
    "on the shelf",         "in the henhouse",   "beside the fountain",  "in the sack",
    "under the doormat",    "in the bathtub",    "behind the rosebush",  "in the lighthouse",
    "on the island",        "in the ditch",      "beside the graveyard", "in the barrel"};
constexpr std::string_view kColours[] = {"red",    "blue",   "green",  "yellow", "white",
                                         "black",  "brown",  "grey",   "pink",   "purple",
                                         "orange", "golden", "silver", "violet"};
constexpr std::string_view kFoods[] = {
    "plums",   "pears",    "apples",    "cherries", "nuts",     "carrots", "onions", "turnips",
    "berries", "pancakes", "dumplings", "cookies",  "eggs",     "beans",   "grapes", "peaches",
    "lemons",  "walnuts",  "muffins",   "radishes", "sausages", "waffles", "figs",   "olives"};
constexpr std::string_view kAnimals[] = {"cat",    "dog", "goat",   "pony",     "hen",   "duck",
                                         "rabbit", "pig", "donkey", "parrot",   "mouse", "hedgehog",
                                         "turtle", "cow", "goose",  "squirrel", "frog",  "lamb"};
constexpr std::string_view kPetNames[] = {
    "Pip",     "Snowball", "Biscuit", "Whiskers", "Pepper",  "Patch",   "Button", "Nutmeg",
    "Bramble", "Thunder",  "Pickle",  "Mossy",    "Ginger",  "Bubbles", "Clover", "Dusty",
    "Fidget",  "Muffin",   "Ruby",    "Shadow",   "Sparkle", "Twig",    "Velvet", "Waddle"};
constexpr std::string_view kNumbers[] = {"two",    "three",    "four",     "five",    "six",
                                         "seven",  "eight",    "nine",     "ten",     "eleven",
                                         "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
                                         "twenty", "thirty",   "forty",    "fifty"};
constexpr std::string_view kEvents[] = {"fair",    "wedding", "feast",   "race",
                                        "market",  "parade",  "circus",  "harvest",
                                        "concert", "picnic",  "regatta", "ball"};
constexpr std::string_view kOrdinals[] = {"first", "second", "third",    "fourth",
                                          "fifth", "sixth",  "seventh",  "eighth",
                                          "ninth", "tenth",  "eleventh", "twelfth"};
constexpr std::string_view kMonths[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
constexpr std::string_view kFears[] = {
    "geese", "spiders", "thunder",  "ghosts",  "wolves", "bats",   "snakes",  "owls",
    "wasps", "bulls",   "the dark", "the sea", "storms", "giants", "witches", "crabs"};
constexpr std::string_view kSecrets[] = {"moonlight", "raindrop",  "buttercup", "firefly",
                                         "snowflake", "starfish",  "rainbow",   "dandelion",
                                         "cobweb",    "sunflower", "acorn",     "icicle",
                                         "pebble",    "thistle",   "bluebell",  "driftwood"};
constexpr std::string_view kGifts[] = {
    "a pair of skates", "a wooden horse", "a silk ribbon",  "a woollen hat",
    "a toy ship",       "a paper star",   "a leather belt", "a tin soldier",
    "a glass bead",     "a straw doll",   "a new coat",     "a jar of honey",
    "a bag of marbles", "a pot of jam",   "a warm shawl",   "a little bell"};
constexpr std::string_view kAdjectives[] = {"old",   "little", "brave", "clever",  "kind",
                                            "merry", "quiet",  "lazy",  "curious", "gentle",
                                            "proud", "shy",    "funny", "careful", "honest",
                                            "tired", "hungry", "happy", "patient", "stubborn"};
constexpr std::string_view kWeathers[] = {"The sun was shining",
                                          "It was raining",
                                          "The wind blew cold",
                                          "Snow was falling",
                                          "A thick fog lay on the fields",
                                          "The sky was full of stars",
                                          "It was a hot day",
                                          "The leaves were falling",
                                          "The moon was bright",
                                          "Dark clouds hung over the hills"};
constexpr std::string_view kTimes[] = {
    "In the morning", "At noon",       "In the evening",  "At night",  "The next day", "On Monday",
    "On Tuesday",     "On Wednesday",  "On Thursday",     "On Friday", "On Saturday",  "On Sunday",
    "A week later",   "Before supper", "After breakfast", "One day"};
constexpr std::string_view kSights[] = {"the river",  "the forest", "the hill",   "the harbour",
                                        "the square", "the meadow", "the castle", "the road",
                                        "the lake",   "the beach",  "the valley", "the town hall",
                                        "the school", "the inn"};
constexpr std::string_view kSubjects[] = {"A fox",       "The wind",         "A good friend",
                                          "A full moon", "An early bird",    "The slow snail",
                                          "A wise owl",  "Every river",      "An empty pot",
                                          "A small key", "The tallest tree", "A true word"};
constexpr std::string_view kPredicates[] = {
    "never sleeps twice",       "finds the way home",   "opens a heavy door",
    "makes the longest shadow", "laughs at the rain",   "knows three songs",
    "keeps a warm fire",        "asks no questions",    "carries the mountain",
    "waits for spring",         "hears the grass grow", "needs no lamp"};
constexpr std::string_view kSmallThings[] = {
    "a nail",   "a ribbon", "a comb",  "a loaf",  "a cheese", "a stone",
    "a needle", "a sponge", "a cup",   "a towel", "a pencil", "a whip",
    "a cork",   "a bone",   "a glove", "a sock",  "a lamp",   "a pipe"};

constexpr std::string_view kYears[] = {"1702", "1715", "1723", "1731", "1748", "1756",
                                       "1764", "1777", "1785", "1790", "1803", "1812",
                                       "1826", "1839", "1841", "1850"};

struct Table {
  std::string_view name;
  Words words;
};

constexpr std::array kTables = {
    Table{"woman", kWomen},          Table{"man", kMen},
    Table{"town", kTowns},           Table{"trade", kTrades},
    Table{"object", kObjects},       Table{"place", kPlaces},
    Table{"colour", kColours},       Table{"food", kFoods},
    Table{"animal", kAnimals},       Table{"pet", kPetNames},
    Table{"number", kNumbers},       Table{"event", kEvents},
    Table{"ordinal", kOrdinals},     Table{"month", kMonths},
    Table{"fear", kFears},           Table{"secret", kSecrets},
    Table{"gift", kGifts},           Table{"adjective", kAdjectives},
    Table{"weather", kWeathers},     Table{"time", kTimes},
    Table{"sight", kSights},         Table{"subject", kSubjects},
    Table{"predicate", kPredicates}, Table{"thing", kSmallThings},
    Table{"year", kYears},
};

constexpr auto kNames = [] {
  std::array<std::string_view, kTables.size()> names;
  std::ranges::transform(kTables, names.begin(), &Table::name);
  return names;
}();

}  // namespace

Words word_table(std::string_view name) {
  const auto found = std::ranges::find(kTables, name, &Table::name);
  if (found == kTables.end()) {
    throw core::Error({.what = "word table of a sentence shape",
                       .found = std::string(name),
                       .expected = "one of the tables of word_tables.cpp"});
  }
  return found->words;
}

std::span<const std::string_view> word_table_names() {
  return kNames;
}

}  // namespace sketchscope::corpus
