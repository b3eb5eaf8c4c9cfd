#include "engine/model/families/rope_options.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace sketchscope::model {
namespace {

constexpr double kFullRotation = 2.0 * std::numbers::pi;

/// The arguments of a scaling: its options and what holds without it.
struct RopeBase {
  const ConfigOptions& options;
  int width = 0;  // R
  double theta = 0;
  int context = 0;  // T
};

void require(const ConfigOptions& options, std::initializer_list<const char*> needed,
             const std::string& type) {
  for (const char* const option : needed) {
    if (!options.has(option)) options.refuse(option, "a number, as rope_type " + type + " needs");
  }
}

RotaryPositions unscaled_rope(const RopeBase& base) {
  return {.frequencies = rotary_frequencies(base.width, base.theta)};
}

RotaryPositions linear_rope(const RopeBase& base) {
  require(base.options, {"factor"}, "linear");
  const double factor = base.options.positive("factor", 1);
  RotaryPositions rotary = unscaled_rope(base);
  for (double& frequency : rotary.frequencies) frequency /= factor;
  return rotary;
}

/// Slows the pairs whose wavelength the original context does not hold often enough, as the Llama
/// 3.1 models do (transformers, modeling_rope_utils.py).
RotaryPositions llama3_rope(const RopeBase& base) {
  require(base.options,
          {"factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings"},
          "llama3");
  const double factor = base.options.positive("factor", 1);
  const double low = base.options.positive("low_freq_factor", 1);
  const double high = base.options.positive("high_freq_factor", 1);
  if (low >= high) {
    base.options.refuse("low_freq_factor", "less than high_freq_factor");
  }
  const double original =
      base.options.integer("original_max_position_embeddings", base.context, kContexts);
  RotaryPositions rotary = unscaled_rope(base);
  for (double& frequency : rotary.frequencies) {
    const double rotations = original * frequency / kFullRotation;  // in the original context
    const double kept = std::clamp((rotations - low) / (high - low), 0.0, 1.0);
    frequency *= (1.0 - kept) / factor + kept;
  }
  return rotary;
}

/// Returns an option of yarn, for which 0 means the same as its absence.
double or_absent(const ConfigOptions& options, const std::string& option, double absent) {
  return options.is_zero(option) ? absent : options.positive(option, absent);
}

double yarn_magnitude(const ConfigOptions& options, double factor) {
  const auto scaled = [factor](double scale) {
    return factor <= 1 ? 1.0 : 0.1 * scale * std::log(factor) + 1.0;
  };
  if (options.has("attention_factor")) return options.positive("attention_factor", 1);
  const double scale = or_absent(options, "mscale", 0);
  const double scale_of_all = or_absent(options, "mscale_all_dim", 0);
  return scale > 0 && scale_of_all > 0 ? scaled(scale) / scaled(scale_of_all) : scaled(1);
}

/// YaRN (Peng et al., arXiv 2309.00071): pairs that rotate more than beta_fast times within the
/// original context stay, those that rotate less than beta_slow times are slowed.
RotaryPositions yarn_rope(const RopeBase& base) {
  const ConfigOptions& options = base.options;
  require(options, {"factor"}, "yarn");
  if (!(base.theta > 1)) options.refuse("rope_theta", base.theta, "a number above 1 for yarn");
  const double factor = options.positive("factor", 1);
  const double original =
      options.integer("original_max_position_embeddings", base.context, kContexts);
  // The pair, counted with fractions, that rotates so many times within the original context.
  const auto pair_of = [&](double rotations) {
    return base.width * std::log(original / (rotations * kFullRotation)) /
           (2.0 * std::log(base.theta));
  };
  double first = pair_of(or_absent(options, "beta_fast", 32));
  double last = pair_of(or_absent(options, "beta_slow", 1));
  if (options.boolean("truncate", true)) {
    first = std::floor(first);
    last = std::ceil(last);
  }
  first = std::max(first, 0.0);
  last = std::min(last, base.width - 1.0);
  if (first == last) last += 0.001;
  RotaryPositions rotary = unscaled_rope(base);
  for (std::size_t i = 0; i < rotary.frequencies.size(); ++i) {
    const double slowed = std::clamp((static_cast<double>(i) - first) / (last - first), 0.0, 1.0);
    rotary.frequencies[i] *= slowed / factor + (1.0 - slowed);
  }
  rotary.magnitude = yarn_magnitude(options, factor);
  return rotary;
}

struct RopeType {
  std::string_view name;
  RotaryPositions (*make)(const RopeBase& base);
};

constexpr std::array<RopeType, 4> kRopeTypes = {{{"default", unscaled_rope},
                                                 {"linear", linear_rope},
                                                 {"llama3", llama3_rope},
                                                 {"yarn", yarn_rope}}};

/// Returns the option that names the type: rope_type, or type in older files.
std::string type_option(const ConfigOptions& scaling) {
  if (!scaling.has("type")) return "rope_type";
  const std::string type = scaling.text("type", "");
  if (scaling.text("rope_type", type) != type) {
    scaling.refuse("rope_type", "the same as type, " + type);
  }
  return "type";
}

RotaryPositions scaled_rope(const ConfigOptions& scaling, const RopeBase& base) {
  const std::string option = type_option(scaling);
  const std::string name = scaling.text(option, "default");
  std::string known;
  for (const RopeType& type : kRopeTypes) {
    if (type.name == name) return type.make(base);
    known += (known.empty() ? "" : ", ") + std::string(type.name);
  }
  // A dynamic scaling changes the frequencies as a text grows, so that keys stored before would
  // have been rotated by others.
  const bool moves = name == "dynamic" || name == "longrope" || name == "su";
  scaling.refuse(
      option, name,
      "one of " + known +
          (moves ? "; this one changes with a text's length, and stored keys would not" : ""));
}

}  // namespace

RotaryPositions read_rotary(const ConfigOptions& options, const ModelConfig& config, double theta) {
  const int width = config.head_width;
  if (width % 2 != 0) {
    options.refuse(options.has("head_dim") ? "head_dim" : "hidden_size",
                   "an even width of each head for rotary positions, not " + std::to_string(width));
  }
  auto scaling = options.object("rope_scaling");
  if (!scaling) scaling = options.object("rope_parameters");
  for (const ConfigOptions* const some : {&options, scaling ? &*scaling : &options}) {
    if (some->positive("partial_rotary_factor", 1) != 1) {
      some->refuse("partial_rotary_factor", "1");
    }
    if (some->has("mrope_section")) some->refuse("mrope_section", "positions of one dimension");
  }
  theta = options.positive("rope_theta", theta);
  if (!scaling) return unscaled_rope({options, width, theta, config.positions});
  for (const char* const layers : {"full_attention", "sliding_attention"}) {
    if (scaling->has(layers)) scaling->refuse(layers, "the same positions in all layers");
  }
  return scaled_rope(*scaling,
                     {*scaling, width, scaling->positive("rope_theta", theta), config.positions});
}

}  // namespace sketchscope::model
