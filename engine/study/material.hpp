#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/measure/recall.hpp"
#include "engine/model/model_directory.hpp"
#include "engine/study/grid.hpp"

namespace sketchscope::study {

/// A prompt and the tokens that follow it in its text. A lane is scored on those tokens, and
/// another lane continues the prompt by its own choices.
struct Continuation {
  int number = 0;  ///< index of the prompt
  std::vector<int> prompt;
  std::vector<int> follows;
};

/// The tokens that a workload stands for under one model's tokenizer. Every configuration of a
/// study is measured on the same ones.
struct StudyMaterial {
  std::vector<std::vector<int>> chunks;  ///< each is scored from an empty cache
  std::vector<Continuation> continuations;
  std::vector<measure::RecallQuestion> questions;
  int attention_every = 0;  ///< Workload::attention_every

  /// Returns the number of tokens that one configuration is fed, prompts excluded; a study reports
  /// its progress in them.
  [[nodiscard]] std::size_t steps() const;
  /// Returns the prompt with which the window opens a configuration of the finished study: that of
  /// the first continuation, else the beginning of the first chunk, else the context of the first
  /// question.
  [[nodiscard]] std::vector<int> first_prompt() const;
  /// Returns a hash over all tokens, which tells results on other material apart.
  [[nodiscard]] std::string fingerprint() const;
};

/// Returns as many tokens of generated tales as the workload needs; none if it needs no text. The
/// tales are of the test split, which the embedded model was not trained on.
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
