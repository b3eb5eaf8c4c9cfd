#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope {

/// The workload on which each configuration of a study is measured. Parts that are 0 or empty are
/// skipped.
struct Workload {
  int prompts = 0;                        ///< number of prompts taken from the study's text
  std::vector<std::string> prompt_texts;  ///< prompts given as texts instead
  std::vector<int> lengths;               ///< lengths of prompt plus continuation, tokens
  int new_tokens = 0;                     ///< length of the continuation, tokens
  int text_tokens = 0;                    ///< number of the study's first tokens that are scored
  int context = 0;                        ///< tokens per scored chunk; 0 means n_positions
  int questions = 0;                      ///< number of recall questions
  int distance_from = 0;                  ///< least distance of a question's fact, tokens
  int distance_to = 900;                  ///< upper limit of that distance, exclusive
  int attention_every = 0;                ///< compares heads for every N-th query

  [[nodiscard]] bool continues() const { return prompts > 0 || !prompt_texts.empty(); }
};

/// Reads a workload. Throws UsageError that names `source_name` and the unknown key or invalid
/// value.
Workload workload_from_json(const nlohmann::json& json, std::string_view source_name);
/// Returns the JSON form, without skipped parts.
nlohmann::json workload_to_json(const Workload& workload);

}  // namespace sketchscope
