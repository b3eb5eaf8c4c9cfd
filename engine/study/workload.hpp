#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace sketchscope {

/// What each configuration of a study is measured on. Parts that are 0 or empty are left out.
struct Workload {
  int prompts = 0;                        ///< stretches of the study's text that are continued
  std::vector<std::string> prompt_texts;  ///< or these texts instead
  std::vector<int> lengths;               ///< prompt and continuation together, tokens
  int new_tokens = 0;                     ///< of them, the continuation's
  int text_tokens = 0;                    ///< first tokens of the study's text that are scored …
  int context = 0;          ///< … in chunks of so many; 0 is the model's n_positions
  int questions = 0;        ///< recall questions …
  int distance_from = 0;    ///< … about facts told at least so many tokens back
  int distance_to = 900;    ///< … and fewer than so many
  int attention_every = 0;  ///< each so many-th query is looked at head by head

  [[nodiscard]] bool continues() const { return prompts > 0 || !prompt_texts.empty(); }
};

/// Throws UsageError naming `source_name` and an unknown key or a value that makes no sense.
Workload workload_from_json(const nlohmann::json& json, std::string_view source_name);
/// The parts that are not left out.
nlohmann::json workload_to_json(const Workload& workload);

}  // namespace sketchscope
