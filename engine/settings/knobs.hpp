#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/core/registry.hpp"
#include "engine/policy/policy.hpp"
#include "engine/read/read.hpp"
#include "engine/read/tail_summary.hpp"
#include "engine/sketch/items.hpp"
#include "engine/sketch/sketch.hpp"
#include "kernels/kv_format.hpp"

namespace sketchscope::model {
struct ModelConfig;
}

namespace sketchscope::settings {

/// The unit that has its own slot table: a layer, or a head of a layer.
enum class Granularity : std::uint8_t { layer, head };

/// The way in which a prompt is fed: in one pass with full attention, after which the tables are
/// cut, or token by token. Each command resolves `automatic` for itself.
enum class Prefill : std::uint8_t { automatic, full, stream };

/// The positions by which the keys and queries of a rotary model are rotated (docs/cache.md,
/// "Positions"): that of their token, or the rank of that among the stored ones.
enum class Positions : std::uint8_t { original, cache };

/// The rule by which slots are divided among the layers of a lane (LayerBudgets), or those of each
/// layer among its heads.
enum class BudgetKind : std::uint8_t { equal, pyramid, adaptive, heads };

/// The measurement that the capacity is moved to hold (CapacityTarget).
enum class TargetKind : std::uint8_t { none, retained_mass, logit_kl };

/// Whether the number of tokens with which a path forks is fixed or grows with its entropy.
enum class BranchGrowth : std::uint8_t { fixed, entropy };

}  // namespace sketchscope::settings

namespace sketchscope::core {

template <>
inline constexpr std::array enum_names<settings::Granularity> = {
    NamedValue{settings::Granularity::layer, "layer"},
    NamedValue{settings::Granularity::head, "head"},
};

template <>
inline constexpr std::array enum_names<settings::Prefill> = {
    NamedValue{settings::Prefill::automatic, "auto"},
    NamedValue{settings::Prefill::full, "full"},
    NamedValue{settings::Prefill::stream, "stream"},
};

template <>
inline constexpr std::array enum_names<settings::Positions> = {
    NamedValue{settings::Positions::original, "original"},
    NamedValue{settings::Positions::cache, "cache"},
};

template <>
inline constexpr std::array enum_names<settings::BudgetKind> = {
    NamedValue{settings::BudgetKind::equal, "equal"},
    NamedValue{settings::BudgetKind::pyramid, "pyramid"},
    NamedValue{settings::BudgetKind::adaptive, "adaptive"},
    NamedValue{settings::BudgetKind::heads, "heads"},
};

template <>
inline constexpr std::array enum_names<settings::TargetKind> = {
    NamedValue{settings::TargetKind::none, "none"},
    NamedValue{settings::TargetKind::retained_mass, "retained-mass"},
    NamedValue{settings::TargetKind::logit_kl, "logit-kl"},
};

template <>
inline constexpr std::array enum_names<settings::BranchGrowth> = {
    NamedValue{settings::BranchGrowth::fixed, "fixed"},
    NamedValue{settings::BranchGrowth::entropy, "entropy"},
};

template <>
inline constexpr std::array enum_names<kernels::SketchInput> = {
    NamedValue{kernels::SketchInput::mixed, "mixed"},
    NamedValue{kernels::SketchInput::plain, "plain"},
};

template <>
inline constexpr std::array enum_names<kernels::KvFormat> = {
    NamedValue{kernels::KvFormat::f32, "f32"},
    NamedValue{kernels::KvFormat::f16, "f16"},
    NamedValue{kernels::KvFormat::int8, "int8"},
    NamedValue{kernels::KvFormat::int4, "int4"},
};

}  // namespace sketchscope::core

namespace sketchscope::settings {

/// All settings of a lane with their defaults. Words are held as enumerations and choices: text is
/// parsed at the boundary (flags, JSON, the window) and not compared afterwards.
struct Knobs {
  policy::PolicyChoice policy = "sketch";
  policy::Formula formula;
  int max_cache_size = 128;
  BudgetKind budget = BudgetKind::equal;
  int sinks = 4;
  int recent_window = 32;
  int evict_batch = 1;
  int observation_window = 32;
  int pool_kernel = 5;
  Granularity granularity = Granularity::layer;
  Prefill prefill = Prefill::automatic;
  Positions positions = Positions::original;
  sketch::SketchChoice sketch = "count-min-conservative";
  int sketch_width = 512;
  int sketch_depth = 4;
  sketch::SketchKey sketch_key = sketch::SketchKey::position;
  std::uint64_t sketch_seed = 42;
  kernels::SketchInput sketch_hash = kernels::SketchInput::mixed;
  int lsh_bits = 12;
  double decay = 1.0;
  read::ReadChoice read = "full";
  int read_k = 64;
  read::AggregateChoice aggregate = "mass";
  int clusters = 8;
  kernels::KvFormat kv = kernels::KvFormat::f32;
  TargetKind target = TargetKind::none;
  double target_value = 0.9;
  double temperature = 0.0;
  int top_k = 0;
  double top_p = 1.0;
  double repetition_penalty = 1.0;
  std::uint64_t seed = 42;
  double threshold = 0.4;
  int branch_factor = 3;
  BranchGrowth branch_growth = BranchGrowth::fixed;
  int max_paths = 20;

  friend bool operator==(const Knobs&, const Knobs&) = default;
};

/// The groups under which help and window list the knobs.
enum class KnobGroup : std::uint8_t { cache, sketch, sampling, branching };

/// The member of Knobs that a knob sets; its type determines the possible values.
using KnobField = std::variant<
    int Knobs::*, std::uint64_t Knobs::*, double Knobs::*, policy::PolicyChoice Knobs::*,
    policy::Formula Knobs::*, sketch::SketchChoice Knobs::*, read::ReadChoice Knobs::*,
    read::AggregateChoice Knobs::*, BudgetKind Knobs::*, Granularity Knobs::*, Prefill Knobs::*,
    Positions Knobs::*, sketch::SketchKey Knobs::*, kernels::SketchInput Knobs::*,
    kernels::KvFormat Knobs::*, TargetKind Knobs::*, BranchGrowth Knobs::*>;

/// An entry of the knob table. Numbers have a closed range, words a list of choices, which follow
/// from the field.
struct KnobInfo {
  std::string_view name;  ///< as in JSON; the flag is `--` with hyphens
  KnobGroup group;
  KnobField field;
  double minimum = 0;
  double maximum = 0;
  std::string_view unit = {};
  std::string_view help;
  bool live = true;     ///< whether a change takes effect at the next step or only at the next run
  bool rotary = false;  ///< whether it takes a model with rotary positions
  bool odd = false;     ///< whether its number has to be odd
  /// Returns whether the result of a run with these knobs depends on this knob.
  bool (*has_effect)(const Knobs&) = [](const Knobs&) { return true; };
  /// Returns whether this knob may have to be set while it has no effect, because other knobs are
  /// refused until it is set.
  bool (*is_set_ahead)(const Knobs&) = [](const Knobs&) { return false; };
  std::vector<std::string_view> choices = {};

  /// Returns whether its value is a text that has to parse, neither a number nor a choice.
  [[nodiscard]] bool is_text() const {
    return std::holds_alternative<policy::Formula Knobs::*>(field);
  }
  /// Returns whether there is a reason to set this knob beside these ones.
  [[nodiscard]] bool matters(const Knobs& knobs) const {
    return has_effect(knobs) || is_set_ahead(knobs);
  }
};

/// Returns all knobs, in the order in which help and window show them.
std::span<const KnobInfo> knob_table();
/// Returns the knob with a name. Throws UsageError with the nearest names where there is none.
const KnobInfo& knob_info(std::string_view name);

/// Returns the value of a knob as text that set_knob() accepts.
std::string knob_text(const Knobs& knobs, const KnobInfo& knob);
/// Sets a knob from text. Throws UsageError naming the value and the range or the choices.
void set_knob(Knobs& knobs, std::string_view name, std::string_view text);
/// Copies the value of one knob.
void copy_knob(const Knobs& from, Knobs& to, const KnobInfo& knob);
/// Returns whether both have the same value of one knob.
bool same_value(const Knobs& one, const Knobs& other, const KnobInfo& knob);

/// Throws UsageError on knobs that contradict each other (a capacity not above the sinks).
void check_knobs(const Knobs& knobs);
/// Throws UsageError on knobs that this model cannot have: `kv int4` with an odd head width,
/// `positions cache` where a layer has no rotary positions or heads are wider than are rotated
/// while read.
void check_model(const Knobs& knobs, const model::ModelConfig& config);

/// Converts knobs to JSON with one key per knob, and back. knobs_from_json() starts from `base` and
/// throws UsageError on unknown keys.
nlohmann::json knobs_to_json(const Knobs& knobs);
Knobs knobs_from_json(const nlohmann::json& json, const Knobs& base);
/// Returns the knobs that the program wrote into a file of results, a run or a preset, over `base`.
/// A knob that did not exist when the file was written has the value by which the program acted
/// then. Throws as knobs_from_json() does.
Knobs recorded_knobs(const nlohmann::json& json, Knobs base = {});

/// Makes the policy that these knobs name.
std::unique_ptr<policy::Policy> make_policy(const Knobs& knobs);
/// Returns whether the policy of these knobs reads a sketch.
bool uses_sketch(const Knobs& knobs);
/// Returns whether the policies of two sets of knobs score differently.
bool policy_differs(const Knobs& one, const Knobs& other);

/// Returns how a policy looks at the last queries by these knobs.
policy::Observation observation_of(const Knobs& knobs);
/// Returns how many of the latest positions may not leave, the incoming one counted.
int protected_latest(const Knobs& knobs);
/// Returns the shape of the sketch that these knobs ask for.
sketch::SketchShape sketch_shape(const Knobs& knobs);

/// Returns the flag of a knob, such as `--max-cache-size` of `max_cache_size`.
std::string flag_of(const KnobInfo& knob);

}  // namespace sketchscope::settings
