#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/measure/recall.hpp"
#include "engine/model/model_directory.hpp"
#include "engine/study/grid.hpp"

namespace sketchscope::study {

/// A prompt and the text that follows it.
struct Continuation {
  int number = 0;  ///< index of the prompt
  std::vector<int> prompt;
  std::vector<int> follows;
};

/// A workload as tokens of one model, on which every configuration is measured.
struct StudyMaterial {
  std::vector<std::vector<int>> chunks;  ///< each is scored from an empty cache
  std::vector<Continuation> continuations;
  std::vector<measure::RecallQuestion> questions;
  int attention_every = 0;  ///< Workload::attention_every

  /// Returns the number of tokens that one configuration is fed, prompts excluded.
  [[nodiscard]] std::size_t steps() const;
  /// Returns the given part of the first text that is continued, asked about or scored.
  [[nodiscard]] std::vector<int> first_prompt() const;
  /// Returns a hash over all tokens.
  [[nodiscard]] std::string fingerprint() const;
};

/// Returns as many tokens of the embedded model's test split as the workload needs; none if it
/// needs no text.
std::vector<int> tales_for(const Workload& workload, const text::Tokenizer& tokenizer);

/// Makes recall questions at the workload's distances; none if it asks none. Throws Error if the
/// distance exceeds the model's context.
std::vector<measure::RecallQuestion> questions_for(const Workload& workload,
                                                   const model::LoadedModel& model);

/// Divides `text` as the workload says and adds `questions`. Throws Error if the text or the
/// model's context is too short.
StudyMaterial make_material(const Workload& workload, const model::LoadedModel& model,
                            std::span<const int> text,
                            std::vector<measure::RecallQuestion> questions);

}  // namespace sketchscope::study
