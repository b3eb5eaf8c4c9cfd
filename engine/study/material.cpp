#include "engine/study/material.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "engine/core/error.hpp"
#include "engine/corpus/corpus.hpp"
#include "engine/measure/evaluation.hpp"
#include "engine/model/prompt.hpp"
#include "engine/schedule/feeding.hpp"

namespace sketchscope::study {
namespace {

void require_tokens(const std::string& what, std::size_t found, int expected,
                    const std::string& remedy) {
  if (found >= static_cast<std::size_t>(expected)) return;
  throw core::Error({.what = what,
                     .found = std::to_string(found) + " tokens",
                     .expected = "at least " + std::to_string(expected),
                     .remedy = remedy});
}

Continuation split_window(std::span<const int> tokens, int number, int new_tokens) {
  const auto follows = tokens.last(static_cast<std::size_t>(new_tokens));
  const auto prompt = tokens.first(tokens.size() - follows.size());
  return {.number = number,
          .prompt = {prompt.begin(), prompt.end()},
          .follows = {follows.begin(), follows.end()}};
}

void add_continuations(const Workload& workload, const model::LoadedModel& model,
                       std::span<const int> text, StudyMaterial& material) {
  std::vector<std::vector<int>> prompts;
  for (const std::string& prompt : workload.prompt_texts) {
    prompts.push_back(model::prompt_tokens(model, prompt));
  }
  for (const int length : workload.lengths) {
    schedule::check_length("prompt of the grid with its continuation",
                           static_cast<std::size_t>(length), model.model->config());
    for (int number = 0; number < workload.prompts; ++number) {
      require_tokens("text of the study", text.size(), length, "Name a longer one with --text");
      material.continuations.push_back(split_window(
          measure::window_of(text, length, number, workload.prompts), number, workload.new_tokens));
    }
    for (std::size_t at = 0; at < prompts.size(); ++at) {
      const std::string what = "prompt " + std::to_string(at + 1) + " of the grid";
      require_tokens(what, prompts[at].size(), length, "Give longer prompts or smaller lengths");
      const auto tokens = std::span(prompts[at]).first(static_cast<std::size_t>(length));
      material.continuations.push_back(
          split_window(tokens, static_cast<int>(at), workload.new_tokens));
    }
  }
}

void add_chunks(const Workload& workload, const model::LoadedModel& model,
                std::span<const int> text, StudyMaterial& material) {
  if (workload.text_tokens == 0) return;
  require_tokens("text of the study", text.size(), workload.text_tokens,
                 "Name a longer one with --text, or lower text_tokens");
  const auto scored = text.first(static_cast<std::size_t>(workload.text_tokens));
  material.chunks =
      measure::chunks_of(scored, *model.model,
                         {.context = workload.context,
                          .start_token = model::start_token(model, model::StartToken::automatic)});
}

/// A 64-bit FNV-1a hash (Fowler, Noll, Vo).
class Fingerprint {
 public:
  void add(std::span<const int> tokens) {
    // The 0 after each sequence equals no token's number, so moving a token from one sequence to
    // the next changes the hash.
    for (const int token : tokens) add(static_cast<std::uint64_t>(token) + 1);
    add(0);
  }
  [[nodiscard]] std::string text() const {
    std::array<char, 20> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(hash_));
    return digits.data();
  }

 private:
  void add(std::uint64_t value) {
    for (int byte = 0; byte < 8; ++byte) {
      hash_ = (hash_ ^ ((value >> (8 * byte)) & 0xFF)) * 0x100000001B3ULL;
    }
  }
  std::uint64_t hash_ = 0xCBF29CE484222325ULL;
};

}  // namespace

std::size_t StudyMaterial::steps() const {
  std::size_t steps = 0;
  for (const auto& chunk : chunks) steps += chunk.size();
  // One lane is fed the text's own continuation and another one that it draws, of the same length.
  for (const Continuation& continuation : continuations) steps += 2 * continuation.follows.size();
  for (const measure::RecallQuestion& question : questions) {
    steps += question.question.size() + question.answer.size();
  }
  return steps;
}

std::vector<int> StudyMaterial::first_prompt() const {
  // The window generates after the prompt, so a whole chunk would leave it no room in the context.
  constexpr std::size_t kTokensOfChunk = 64;
  if (!continuations.empty()) return continuations.front().prompt;
  if (chunks.empty()) return questions.empty() ? std::vector<int>{} : questions.front().context;
  std::vector<int> prompt = chunks.front();
  prompt.resize(std::min(prompt.size(), kTokensOfChunk));
  return prompt;
}

std::string StudyMaterial::fingerprint() const {
  Fingerprint fingerprint;
  for (const auto& chunk : chunks) fingerprint.add(chunk);
  for (const Continuation& continuation : continuations) {
    fingerprint.add(continuation.prompt);
    fingerprint.add(continuation.follows);
  }
  for (const measure::RecallQuestion& question : questions) {
    fingerprint.add(question.context);
    fingerprint.add(question.question);
    fingerprint.add(question.answer);
  }
  return fingerprint.text();
}

std::vector<int> tales_for(const Workload& workload, const text::Tokenizer& tokenizer) {
  constexpr std::size_t kCharactersPerTale = 5000;
  const int longest = workload.lengths.empty() ? 0 : std::ranges::max(workload.lengths);
  const int needed = std::max(workload.text_tokens, workload.prompts * longest);
  return corpus::tale_tokens(tokenizer, static_cast<std::size_t>(std::max(0, needed)),
                             kCharactersPerTale);
}

std::vector<measure::RecallQuestion> questions_for(const Workload& workload,
                                                   const model::LoadedModel& model) {
  if (workload.questions == 0) return {};
  const auto all = static_cast<int>(measure::kRecallDistances.size());
  const auto covered =
      std::ranges::count_if(measure::kRecallDistances, [&](const measure::RecallDistance& one) {
        return one.from < workload.distance_to && workload.distance_from < one.to;
      });
  // Items are divided evenly among all distances, and those at other distances are dropped below.
  auto items = corpus::make_recall_items(
      model::tokenizer_of(model),
      {.items = workload.questions * all / std::max(1, static_cast<int>(covered)),
       .context = model.model->config().positions});
  std::erase_if(items, [&](const measure::RecallQuestion& item) {
    return item.distance < workload.distance_from || item.distance >= workload.distance_to;
  });
  const auto wanted = static_cast<std::size_t>(workload.questions);
  if (items.size() > wanted) items.resize(wanted);
  if (!items.empty()) return items;
  throw core::Error({.what = "recall questions of the grid",
                     .found = "none about facts told " + std::to_string(workload.distance_from) +
                              " to " + std::to_string(workload.distance_to) + " tokens back",
                     .expected = "distances that the model's context holds"});
}

StudyMaterial make_material(const Workload& workload, const model::LoadedModel& model,
                            std::span<const int> text,
                            std::vector<measure::RecallQuestion> questions) {
  StudyMaterial material{.questions = std::move(questions),
                         .attention_every = workload.attention_every};
  add_chunks(workload, model, text, material);
  add_continuations(workload, model, text, material);
  return material;
}

}  // namespace sketchscope::study
