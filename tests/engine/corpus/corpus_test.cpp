#include "engine/corpus/corpus.hpp"

#include <gmock/gmock.h>

#include <map>
#include <regex>
#include <set>

#include "engine/corpus/sentence_templates.hpp"

namespace sketchscope::corpus {
namespace {

using ::testing::IsEmpty;

constexpr CorpusSplit kSplits[] = {CorpusSplit::train, CorpusSplit::validation, CorpusSplit::test};

std::string at(const Tale& tale, const TextSpan& span) {
  return tale.text.substr(span.begin, span.end - span.begin);
}

std::vector<Tale> tales(CorpusSplit split, int count, std::size_t characters = 2500) {
  std::vector<Tale> result;
  for (int seed = 0; seed < count; ++seed) {
    result.push_back(make_tale(
        {.split = split, .seed = static_cast<std::uint64_t>(seed), .characters = characters}));
  }
  return result;
}

std::set<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    found.insert(match->str());
  }
  return found;
}

/// Combinations of person, object and hiding place, read from the text alone.
std::set<std::string> combinations(CorpusSplit split) {
  const std::regex hiding(
      R"(([A-Z][a-z]+) (hid|put|left) the ([a-z]+) ((in|on|under|behind|beside) the )"
      R"([a-z]+( log)?))");
  std::set<std::string> found;
  for (const auto& tale : tales(split, 300)) {
    for (std::sregex_iterator match(tale.text.begin(), tale.text.end(), hiding), end; match != end;
         ++match) {
      found.insert((*match)[1].str() + "|" + (*match)[3].str() + "|" + (*match)[4].str());
    }
  }
  return found;
}

TEST(Tales, AreTheSameForTheSameSeedAndDifferForAnother) {
  EXPECT_EQ(make_tale({.seed = 7}).text, make_tale({.seed = 7}).text);
  EXPECT_NE(make_tale({.seed = 7}).text, make_tale({.seed = 8}).text);
  EXPECT_NE(make_tale({.split = CorpusSplit::train, .seed = 7}).text,
            make_tale({.split = CorpusSplit::test, .seed = 7}).text);
}

TEST(Tales, EndOneSentenceBeyondTheLengthAskedFor) {
  for (const auto& tale : tales(CorpusSplit::train, 100, 1000)) {
    EXPECT_GE(tale.text.size(), 1000u);
    EXPECT_LT(tale.text.size(), 1700u);
  }
}

TEST(Tales, OfTwoSplitsShareNoCombinationOfPersonObjectAndPlace) {
  std::map<std::string, CorpusSplit> seen;
  for (const auto split : kSplits) {
    const auto found = combinations(split);
    EXPECT_GT(found.size(), 100u);
    for (const auto& combination : found) {
      EXPECT_TRUE(seen.emplace(combination, split).second) << combination;
    }
  }
}

TEST(Tales, AnswerWithTheLatestStatementOfTheFact) {
  for (const auto split : kSplits) {
    for (const auto& tale : tales(split, 100)) {
      for (const auto& answer : tale.answers) {
        std::string latest;
        for (const auto& statement : tale.statements) {
          const bool earlier = statement.value.end <= answer.value.begin;
          if (statement.fact == answer.fact && earlier) latest = at(tale, statement.value);
        }
        EXPECT_EQ(at(tale, answer.value), latest) << tale.text;
      }
    }
  }
}

// A second reading that knows nothing of the generator's account: who lives where.
TEST(Tales, KeepTheirWordAboutTowns) {
  const std::regex living(
      R"(([A-Z][a-z]+) (?:was born by the sea but |had a house and )?lived in ([A-Z][a-z]+))");
  int questions = 0;
  for (const auto& tale : tales(CorpusSplit::test, 300)) {
    std::map<std::string, std::string> town;
    for (std::sregex_iterator match(tale.text.begin(), tale.text.end(), living), end; match != end;
         ++match) {
      const auto position = static_cast<std::size_t>(match->position(2));
      const bool told = std::ranges::any_of(tale.statements, [&](const Statement& statement) {
        return statement.value.begin == position;
      });
      if (told) town[(*match)[1]] = (*match)[2];
      questions += told ? 0 : 1;
      EXPECT_EQ(town[(*match)[1]], (*match)[2]) << tale.text;
    }
  }
  EXPECT_GT(questions, 50);
}

TEST(Tales, SayWhereTheValueWasMentionedLast) {
  for (const auto& tale : tales(CorpusSplit::train, 50)) {
    for (const auto& answer : tale.answers) {
      const auto value = at(tale, answer.value);
      EXPECT_EQ(tale.text.substr(answer.mentioned - value.size(), value.size()), value);
      EXPECT_LT(answer.mentioned, answer.value.begin);
      if (answer.question.end > 0) {
        EXPECT_EQ(answer.question.end, answer.value.begin);
        EXPECT_NE(at(tale, answer.question).find('?'), std::string::npos);
      }
    }
  }
}

TEST(Tales, AskNearAndFar) {
  int near = 0, far = 0, changed = 0;
  for (const auto& tale : tales(CorpusSplit::train, 100, 4000)) {
    for (const auto& answer : tale.answers) {
      const auto distance = answer.value.begin - answer.mentioned;
      near += distance < 400 ? 1 : 0;
      far += distance > 1600 ? 1 : 0;
      changed += answer.changed_fact ? 1 : 0;
    }
  }
  EXPECT_GT(near, 100);
  EXPECT_GT(far, 100);
  EXPECT_GT(changed, 100);
}

TEST(Tales, AreRich) {
  std::string text;
  for (const auto& tale : tales(CorpusSplit::train, 1000)) text += tale.text + ' ';
  EXPECT_GT(matches(text, std::regex("[A-Za-z]+")).size(), 600u);
  std::size_t templates = story_templates().openings.size() + story_templates().fillers.size() +
                          story_templates().dialogues.size() + story_templates().refrains.size() +
                          story_templates().endings.size();
  for (const auto& fact : fact_templates()) {
    templates += fact.statements.size() + fact.changes.size() + fact.questions.size();
  }
  EXPECT_GE(templates, 150u);
}

TEST(Tales, AreCleanText) {
  for (const auto split : kSplits) {
    for (const auto& tale : tales(split, 100)) {
      EXPECT_EQ(tale.text.find_first_of("{}[]|"), std::string::npos) << tale.text;
      EXPECT_THAT(matches(tale.text, std::regex(R"(\ba [aeiou]|  |\.\.|[^\x20-\x7e\n])")),
                  IsEmpty());
    }
  }
}

TEST(FactTemplates, HaveAnAnswerForEveryQuestion) {
  for (const auto& fact : fact_templates()) {
    EXPECT_EQ(fact.questions.size(), fact.answers.size()) << fact.kind;
    for (const auto& answer : fact.answers)
      EXPECT_NE(answer.find("{value}"), SentenceTemplate::npos) << answer;
  }
}

TEST(WordTables, HoldNoWordTwice) {
  for (const auto name : word_table_names()) {
    const auto words = word_table(name);
    EXPECT_EQ(std::set(words.begin(), words.end()).size(), words.size()) << name;
  }
}

}  // namespace
}  // namespace sketchscope::corpus
