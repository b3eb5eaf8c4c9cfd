#include "engine/corpus/corpus.hpp"

#include <algorithm>

#include "engine/corpus/tale_writer.hpp"

namespace sketchscope::corpus {
namespace {

/// FNV-1a (Fowler, Noll, Vo), so that the split is the same on every platform.
std::uint64_t hash(std::uint64_t state, std::string_view text) {
  for (const unsigned char letter : text) state = (state ^ letter) * 0x100000001B3ULL;
  return state;
}

constexpr std::size_t kCharactersPerToken = 4;  // roughly, in tales

measure::RecallQuestion tokenize(const Tale& tale, const AnswerSpan& answer,
                                 const text::Tokenizer& tokenizer) {
  const std::string_view text = tale.text;
  // White space is part of the token of the word that follows it, so spans begin one character
  // earlier.
  const auto question_at = answer.question.begin - 1, value_at = answer.value.begin - 1;
  return {.context = tokenizer.encode(text.substr(0, question_at)),
          .question = tokenizer.encode(text.substr(question_at, value_at - question_at)),
          .answer = tokenizer.encode(text.substr(value_at, answer.value.end - value_at)),
          .distance = static_cast<int>(
              tokenizer.encode(text.substr(answer.mentioned, value_at - answer.mentioned)).size()),
          .changed_fact = answer.changed_fact};
}

/// The questions that one distance still lacks.
struct Wanted {
  measure::RecallDistance distance;
  int changed = 0;
  int unchanged = 0;

  bool take(const measure::RecallQuestion& question) {
    auto& left = question.changed_fact ? changed : unchanged;
    if (!distance.holds(question.distance) || left == 0) return false;
    --left;
    return true;
  }
};

}  // namespace

CorpusSplit split_of_combination(std::string_view person, std::string_view object,
                                 std::string_view place) {
  auto state = hash(0xCBF29CE484222325ULL, person);
  state = hash(hash(state, object), place);
  const auto share = core::SplitMix64(state).below(10);
  if (share == 0) return CorpusSplit::test;
  return share == 1 ? CorpusSplit::validation : CorpusSplit::train;
}

Tale make_tale(const TaleOptions& options) {
  return TaleWriter(options).write();
}

std::vector<int> tale_tokens(const text::Tokenizer& tokenizer, std::size_t tokens,
                             std::size_t characters) {
  std::vector<int> text;
  for (std::uint64_t seed = 1; text.size() < tokens; ++seed) {
    const Tale tale =
        make_tale({.split = CorpusSplit::test, .seed = seed, .characters = characters});
    const std::vector<int> more = tokenizer.encode(tale.text);
    text.insert(text.end(), more.begin(), more.end());
  }
  return text;
}

std::vector<measure::RecallQuestion> make_recall_items(const text::Tokenizer& tokenizer,
                                                       const RecallItemOptions& options) {
  constexpr int kTalesPerItem = 60;  // tales tried for each question wanted, on average
  std::vector<Wanted> wanted;
  const int distances = static_cast<int>(measure::kRecallDistances.size());
  for (const auto& distance : measure::kRecallDistances) {
    const int items = options.items / distances + (wanted.empty() ? options.items % distances : 0);
    wanted.push_back({distance, items / 3, items - items / 3});
  }
  std::vector<measure::RecallQuestion> questions;
  for (int tale_number = 0; tale_number < options.items * kTalesPerItem; ++tale_number) {
    if (static_cast<int>(questions.size()) == options.items) break;
    const auto tale =
        make_tale({.split = CorpusSplit::test,
                   .seed = (options.seed << 32) + static_cast<std::uint64_t>(tale_number),
                   .characters = static_cast<std::size_t>(options.context) * kCharactersPerToken});
    for (const auto& answer : tale.answers) {
      if (answer.question.end == 0) continue;
      auto question = tokenize(tale, answer, tokenizer);
      if (question.length() > options.context) break;
      const auto take = [&](Wanted& each) { return each.take(question); };
      if (std::ranges::any_of(wanted, take)) {
        questions.push_back(std::move(question));
        break;
      }
    }
  }
  return questions;
}

}  // namespace sketchscope::corpus
