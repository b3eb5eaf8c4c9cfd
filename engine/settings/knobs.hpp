#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernels/kv_format.hpp"

namespace sketchscope {

/// Everything a person may set for a lane. The one home of the defaults.
struct Knobs {
  std::string policy = "sketch";
  int max_cache_size = 128;
  std::string budget = "equal";
  int sinks = 4;
  int recent_window = 32;
  std::string granularity = "layer";
  std::string prefill = "auto";
  std::string sketch = "count-min-conservative";
  int sketch_width = 512;
  int sketch_depth = 4;
  std::string sketch_key = "position";
  std::uint64_t sketch_seed = 42;
  int lsh_bits = 12;
  double decay = 1.0;
  std::string read = "full";
  int read_k = 64;
  std::string aggregate = "mass";
  int clusters = 8;
  std::string kv = "f32";
  std::string target = "none";
  double target_value = 0.9;
  double temperature = 0.0;
  int top_k = 0;
  double top_p = 1.0;
  std::uint64_t seed = 42;
  double threshold = 0.4;
  int branch_factor = 3;
  std::string branch_growth = "fixed";
  int max_paths = 20;

  friend bool operator==(const Knobs&, const Knobs&) = default;
};

enum class KnobGroup : std::uint8_t { cache, sketch, sampling, branching };

/// One line of the knob table. Numbers carry a closed range, words the choices there are.
struct KnobInfo {
  std::string_view name;  ///< as in JSON; the flag is `--` with hyphens
  KnobGroup group;
  std::variant<int Knobs::*, std::uint64_t Knobs::*, double Knobs::*, std::string Knobs::*> field;
  double minimum = 0;
  double maximum = 0;
  std::vector<std::string_view> choices;
  std::string_view unit;
  std::string_view help;
  bool live = true;  ///< takes effect at the next step; else at the next run
  /// Whether it has any effect beside these others, or must be turned before another can be.
  bool (*matters)(const Knobs&) = [](const Knobs&) { return true; };
};

/// All knobs, in the order in which help and window show them.
std::span<const KnobInfo> knob_table();
/// Throws UsageError with the nearest names.
const KnobInfo& knob_info(std::string_view name);

/// The value as a person writes it.
std::string knob_text(const Knobs& knobs, const KnobInfo& knob);
/// Sets from text; throws UsageError naming value, range or choices.
void set_knob(Knobs& knobs, std::string_view name, std::string_view text);

/// Throws UsageError on knobs that contradict each other (a capacity not above the sinks).
void check_knobs(const Knobs& knobs);
/// Throws UsageError where a model with heads of this width cannot have them.
void check_head_width(const Knobs& knobs, int head_width);

/// The stored format that a value of `kv` names. Throws UsageError naming those there are.
KvFormat kv_format_from(std::string_view name);

/// One key per knob, numbers as numbers. from_json starts at `base` and refuses unknown keys.
nlohmann::json knobs_to_json(const Knobs& knobs);
Knobs knobs_from_json(const nlohmann::json& json, const Knobs& base);

/// `max_cache_size` to `--max-cache-size`.
std::string flag_of(const KnobInfo& knob);

}  // namespace sketchscope
