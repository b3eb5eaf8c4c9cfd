#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/measure/recall.hpp"
#include "engine/model/model_directory.hpp"
#include "engine/study/workload.hpp"

namespace sketchscope {

/// A prompt, and what follows it in its text.
struct Continuation {
  int number = 0;  ///< of the prompt, from 0
  std::vector<int> prompt;
  std::vector<int> follows;
};

/// A workload in tokens of one model: what every configuration goes through.
struct StudyMaterial {
  std::vector<std::vector<int>> chunks;  ///< scored from an empty cache
  std::vector<Continuation> continuations;
  std::vector<RecallQuestion> questions;
  int attention_every = 0;  ///< as in Workload

  /// Tokens that one configuration is fed, prompts excepted.
  [[nodiscard]] std::size_t steps() const;
  /// The first text that is continued, questioned or scored, as far as it is given beforehand.
  [[nodiscard]] std::vector<int> first_prompt() const;
  /// Changes with every token.
  [[nodiscard]] std::string fingerprint() const;
};

/// Tales of the embedded model's test split, as many tokens as the workload needs; none where it
/// needs no text.
std::vector<int> tales_for(const Workload& workload, const Tokenizer& tokenizer);

/// Questions about facts as far back as the workload says; none where it asks none. Throws Error
/// where the model's context holds no such distance.
std::vector<RecallQuestion> questions_for(const Workload& workload, const LoadedModel& model);

/// Cuts `text` as the workload says; `questions` are those already chosen. Throws Error where the
/// text or the model's context is too short.
StudyMaterial make_material(const Workload& workload, const LoadedModel& model,
                            std::span<const int> text, std::vector<RecallQuestion> questions);

}  // namespace sketchscope
