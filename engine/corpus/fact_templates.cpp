#include "engine/corpus/sentence_templates.hpp"

namespace sketchscope::corpus {
namespace {

constexpr SentenceTemplate kPlaceStatements[] = {
    "{P} hid the {O} {value}.",
    "{P} put the {O} {value}.",
    "{P} left the {O} {value}.",
    "{time} {P} hid the {O} {value}.",
    "So that no thief could find it, {P} put the {O} {value}.",
    "{P} was in a hurry and left the {O} {value}.",
    "Nobody saw it when {P} hid the {O} {value}.",
    "When the work was done, {P} put the {O} {value}.",
};
constexpr SentenceTemplate kPlaceChanges[] = {
    "{time} {P} took the {O} away and put the {O} {value}.",
    "But that was not safe, so {P} went back and hid the {O} {value}.",
    "Then {P} came along, found it, and left the {O} {value}.",
    "{P} changed it all: now {P} put the {O} {value}.",
};
constexpr SentenceTemplate kPlaceQuestions[] = {
    "Where is the {O}?",
    "Where did they find the {O}?",
    "Who knows where the {O} is?",
    "Where did you see the {O}?",
};
constexpr SentenceTemplate kPlaceAnswers[] = {
    "[You will find|Look for] the {O} {value}",
    "They found the {O} {value}",
    "I know: {P} put the {O} {value}",
    "I saw the {O} {value}",
};

constexpr SentenceTemplate kTradeStatements[] = {
    "{P} worked as {value}.",
    "{P} was {value}.",
    "Every day {P} worked as {value}.",
    "Like all the family, {P} was {value}.",
    "Everyone knew that {P} was {value}.",
    "{P} got up early, for {P} worked as {value}.",
};
constexpr SentenceTemplate kTradeChanges[] = {
    "{P} was tired of it, and from that day on {P} worked as {value}.",
    "{time} {P} learned a new trade: now {P} was {value}.",
    "Then everything changed, and {P} worked as {value}.",
};
constexpr SentenceTemplate kTradeQuestions[] = {"What was {P}?", "What work did {P} do?",
                                                "How did {P} earn a living?"};
constexpr SentenceTemplate kTradeAnswers[] = {"{P} was {value}", "{P} worked as {value}",
                                              "{P} worked as {value}"};

constexpr SentenceTemplate kTownStatements[] = {
    "{P} lived in {value}.",
    "{P} had a house and lived in {value}.",
    "With a [big|small|noisy] family {P} lived in {value}.",
    "As long as anyone could remember, {P} lived in {value}.",
    "{P} was born by the sea but lived in {value}.",
};
constexpr SentenceTemplate kTownChanges[] = {
    "{P} packed a bag and moved; now {P} lived in {value}.",
    "After the flood {P} lived in {value}.",
    "{time} {P} sold the house, and then {P} lived in {value}.",
};
constexpr SentenceTemplate kTownQuestions[] = {"Where did {P} live?", "In which town did {P} live?",
                                               "Where was the house of {P}?"};
constexpr SentenceTemplate kTownAnswers[] = {"{P} lived in {value}", "{P} lived in {value}",
                                             "{P} lived in {value}"};

constexpr SentenceTemplate kColourStatements[] = {
    "The {O} was {value}.",
    "Everyone could see that the {O} was {value}.",
    "There was a {O} in the house, and the {O} was {value}.",
    "On the wall hung a picture of a {O}, and the {O} was {value}.",
};
constexpr SentenceTemplate kColourChanges[] = {
    "Then {P} took a brush and some paint, and the {O} was {value}.",
    "{P} washed the {O} with soap, and now the {O} was {value}.",
};
constexpr SentenceTemplate kColourQuestions[] = {"What colour was the {O}?",
                                                 "Can you say what colour the {O} was?"};
constexpr SentenceTemplate kColourAnswers[] = {"The {O} was {value}", "Yes, the {O} was {value}"};

constexpr SentenceTemplate kCountStatements[] = {
    "{P} had {value} {O}.",
    "In a bowl on the table {P} had {value} {O}.",
    "{P} counted twice: {P} had {value} {O}.",
    "After a walk through the orchard {P} had {value} {O}.",
};
constexpr SentenceTemplate kCountChanges[] = {
    "{P} was hungry and ate a lot, and then {P} had {value} {O}.",
    "{P} went to the market, and now {P} had {value} {O}.",
    "A bird stole some, so {P} had {value} {O}.",
};
constexpr SentenceTemplate kCountQuestions[] = {"How many {O} did {P} have?",
                                                "Did {P} have any {O}?"};
constexpr SentenceTemplate kCountAnswers[] = {"{P} had {value} {O}", "Yes, {P} had {value} {O}"};

constexpr SentenceTemplate kFoodStatements[] = {
    "{P} liked {value} best.",
    "Of all things to eat, {P} liked {value} best.",
    "{P} was never sad at supper, for {P} liked {value} best of all.",
};
constexpr SentenceTemplate kFoodQuestions[] = {"What did {P} like best?",
                                               "What should we cook for {P}?"};
constexpr SentenceTemplate kFoodAnswers[] = {"{P} liked {value} best", "{P} liked {value} best"};

constexpr SentenceTemplate kPetStatements[] = {
    "{P} had a {O} and called the {O} {value}.",
    "At the market {P} bought a {O} and called the {O} {value}.",
    "A {O} came to the door one night; {P} fed it and called the {O} {value}.",
};
constexpr SentenceTemplate kPetQuestions[] = {"What did {P} call the {O}?",
                                              "Did the {O} of {P} have a name?"};
constexpr SentenceTemplate kPetAnswers[] = {"{P} called the {O} {value}",
                                            "Yes, {P} called the {O} {value}"};

constexpr SentenceTemplate kDateStatements[] = {
    "The {O} came on {value}.",
    "Everybody was waiting, because the {O} came on {value}.",
    "A poster on the door said that the {O} came on {value}.",
};
constexpr SentenceTemplate kDateChanges[] = {
    "It rained so much that all was put off: now the {O} came on {value}.",
    "{P} asked for more time, so the {O} came on {value}.",
};
constexpr SentenceTemplate kDateQuestions[] = {"When was the {O}?",
                                               "On what day did the {O} come?"};
constexpr SentenceTemplate kDateAnswers[] = {"The {O} came on {value}", "The {O} came on {value}"};

constexpr SentenceTemplate kSayingStatements[] = {
    "{P} always said: {value}.",
    "Whenever there was trouble, {P} always said: {value}.",
    "It was a strange thing, but {P} always said: {value}.",
};
constexpr SentenceTemplate kSayingQuestions[] = {"What did {P} always say?",
                                                 "Do you remember the words of {P}?"};
constexpr SentenceTemplate kSayingAnswers[] = {"{P} always said: {value}",
                                               "Yes, {P} always said: {value}"};

constexpr SentenceTemplate kBasketStatements[] = {
    "In a basket {P} carried {value}.",
    "It was heavy, for {P} carried {value}.",
    "Everyone took something along, and {P} carried {value}.",
};
constexpr SentenceTemplate kBasketChanges[] = {
    "{P} emptied the basket and filled it again, and then {P} carried {value}.",
};
constexpr SentenceTemplate kBasketQuestions[] = {"What did {P} carry?",
                                                 "What was in the basket of {P}?"};
constexpr SentenceTemplate kBasketAnswers[] = {"{P} carried {value}", "{P} carried {value}"};

constexpr SentenceTemplate kSecretStatements[] = {
    "{P} had a secret word, and {P} whispered {value}.",
    "The door opened only when {P} whispered {value}.",
    "Very softly {P} whispered {value}.",
};
constexpr SentenceTemplate kSecretChanges[] = {
    "Somebody had heard it, so this time {P} whispered {value}.",
};
constexpr SentenceTemplate kSecretQuestions[] = {"What did {P} whisper?",
                                                 "What was the secret word of {P}?"};
constexpr SentenceTemplate kSecretAnswers[] = {"{P} whispered {value}", "{P} whispered {value}"};

constexpr SentenceTemplate kFearStatements[] = {
    "{P} feared {value}.",
    "{P} was not afraid of the rain, but {P} feared {value}.",
    "Only a few knew that {P} feared {value}.",
};
constexpr SentenceTemplate kFearQuestions[] = {"What did {P} fear?", "Why did {P} run away?"};
constexpr SentenceTemplate kFearAnswers[] = {"{P} feared {value}", "Because {P} feared {value}"};

constexpr SentenceTemplate kGiftStatements[] = {
    "For the birthday of a cousin {P} bought {value}.",
    "At the [shop|stall|market] {P} bought {value}.",
    "{P} saved every penny and bought {value}.",
};
constexpr SentenceTemplate kGiftChanges[] = {
    "{P} took it back to the shop, and then {P} bought {value}.",
};
constexpr SentenceTemplate kGiftQuestions[] = {"What did {P} buy?",
                                               "On what did {P} spend the money?"};
constexpr SentenceTemplate kGiftAnswers[] = {"{P} bought {value}", "{P} bought {value}"};

constexpr FactTemplates kFacts[] = {
    {"place", "{place}", "object", kPlaceStatements, kPlaceChanges, kPlaceQuestions, kPlaceAnswers},
    {"trade", "{trade}", "", kTradeStatements, kTradeChanges, kTradeQuestions, kTradeAnswers},
    {"town", "{town}", "", kTownStatements, kTownChanges, kTownQuestions, kTownAnswers},
    {"colour", "{colour}", "object", kColourStatements, kColourChanges, kColourQuestions,
     kColourAnswers},
    {"count", "{number}", "food", kCountStatements, kCountChanges, kCountQuestions, kCountAnswers},
    {"food", "{food}", "", kFoodStatements, {}, kFoodQuestions, kFoodAnswers},
    {"pet", "{pet}", "animal", kPetStatements, {}, kPetQuestions, kPetAnswers},
    {"date", "the {ordinal} of {month}", "event", kDateStatements, kDateChanges, kDateQuestions,
     kDateAnswers},
    {"saying",
     "{subject} {predicate}",
     "",
     kSayingStatements,
     {},
     kSayingQuestions,
     kSayingAnswers},
    {"basket", "{thing}, {thing} and {thing}", "", kBasketStatements, kBasketChanges,
     kBasketQuestions, kBasketAnswers},
    {"secret", "{secret}", "", kSecretStatements, kSecretChanges, kSecretQuestions, kSecretAnswers},
    {"fear", "{fear}", "", kFearStatements, {}, kFearQuestions, kFearAnswers},
    {"gift", "{gift}", "", kGiftStatements, kGiftChanges, kGiftQuestions, kGiftAnswers},
};

}  // namespace

std::span<const FactTemplates> fact_templates() {
  return kFacts;
}

}  // namespace sketchscope::corpus
