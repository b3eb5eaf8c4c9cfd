// The one table of knobs: flags, window, JSON, scripts and tests read it.
#include <limits>

#include "engine/policy/policy.hpp"
#include "engine/session/knobs.hpp"
#include "engine/sketch/sketch.hpp"
#include "engine/sketch/sketch_key.hpp"

namespace sketchscope {
namespace {

template <typename Kind>
std::vector<std::string_view> names_of(std::span<const Kind> kinds) {
  std::vector<std::string_view> names;
  for (const Kind& kind : kinds) names.push_back(kind.name);
  return names;
}

std::vector<KnobInfo> build_table() {
  using enum KnobGroup;
  constexpr double kSeedMaximum = static_cast<double>(std::numeric_limits<std::uint64_t>::max());
  const auto keys = sketch_key_names();
  return {
      {.name = "policy",
       .group = cache,
       .field = &Knobs::policy,
       .choices = names_of(policy_kinds()),
       .help = "what decides which position leaves a full table"},
      {.name = "max_cache_size",
       .group = cache,
       .field = &Knobs::max_cache_size,
       .minimum = 1,
       .maximum = 65536,
       .unit = "slots",
       .help = "capacity: slots per layer that may be filled"},
      {.name = "sinks",
       .group = cache,
       .field = &Knobs::sinks,
       .minimum = 0,
       .maximum = 1024,
       .unit = "positions",
       .help = "first positions that are never evicted"},
      {.name = "recent_window",
       .group = cache,
       .field = &Knobs::recent_window,
       .minimum = 0,
       .maximum = 65536,
       .unit = "positions",
       .help = "latest positions that are protected, the incoming one counted"},
      {.name = "granularity",
       .group = cache,
       .field = &Knobs::granularity,
       .choices = {"layer"},
       .help = "what shares one slot table: all heads of a layer",
       .live = false},
      {.name = "prefill",
       .group = cache,
       .field = &Knobs::prefill,
       .choices = {"auto", "full", "stream"},
       .help = "prompt in one pass with full attention, then cut; or token by token, capped",
       .live = false},
      {.name = "decay",
       .group = cache,
       .field = &Knobs::decay,
       .minimum = 0,
       .maximum = 1,
       .unit = "per step",
       .help = "accumulated mass is multiplied by this before a step's mass is added"},
      {.name = "read",
       .group = cache,
       .field = &Knobs::read,
       .choices = {"full"},
       .help = "how attention uses what is stored"},
      {.name = "kv",
       .group = cache,
       .field = &Knobs::kv,
       .choices = {"f32"},
       .help = "format of stored keys and values"},
      {.name = "sketch",
       .group = sketch,
       .field = &Knobs::sketch,
       .choices = names_of(sketch_kinds()),
       .help = "kind of the counter table"},
      {.name = "sketch_width",
       .group = sketch,
       .field = &Knobs::sketch_width,
       .minimum = 1,
       .maximum = 65536,
       .unit = "counters",
       .help = "counters in a row of the sketch (W)"},
      {.name = "sketch_depth",
       .group = sketch,
       .field = &Knobs::sketch_depth,
       .minimum = 1,
       .maximum = 16,
       .unit = "rows",
       .help = "rows of the sketch, each with a hash of its own (R)"},
      {.name = "sketch_key",
       .group = sketch,
       .field = &Knobs::sketch_key,
       .choices = {keys.begin(), keys.end()},
       .help = "what an item of the sketch is"},
      {.name = "sketch_seed",
       .group = sketch,
       .field = &Knobs::sketch_seed,
       .minimum = 0,
       .maximum = kSeedMaximum,
       .help = "start of the hash functions' random numbers"},
      {.name = "temperature",
       .group = sampling,
       .field = &Knobs::temperature,
       .minimum = 0,
       .maximum = 10,
       .help = "divides the logits before a token is drawn; 0 takes the likeliest"},
      {.name = "top_k",
       .group = sampling,
       .field = &Knobs::top_k,
       .minimum = 0,
       .maximum = 1000000,
       .unit = "tokens",
       .help = "draw among this many likeliest tokens; 0 is off"},
      {.name = "top_p",
       .group = sampling,
       .field = &Knobs::top_p,
       .minimum = 0,
       .maximum = 1,
       .help = "draw among the fewest tokens whose probabilities reach this; 1 is off"},
      {.name = "seed",
       .group = sampling,
       .field = &Knobs::seed,
       .minimum = 0,
       .maximum = kSeedMaximum,
       .help = "start of the sampler's random numbers"},
      {.name = "threshold",
       .group = branching,
       .field = &Knobs::threshold,
       .minimum = 0,
       .maximum = 1,
       .unit = "of ln V",
       .help = "a path branches where its next token's entropy, as a share of ln V, reaches this"},
      {.name = "branch_factor",
       .group = branching,
       .field = &Knobs::branch_factor,
       .minimum = 1,
       .maximum = 1024,
       .unit = "tokens",
       .help = "distinct tokens a path that branches goes on with"},
      {.name = "branch_growth",
       .group = branching,
       .field = &Knobs::branch_growth,
       .choices = {"fixed", "entropy"},
       .help = "always branch_factor tokens; or from 2 at the threshold up to it at full entropy"},
      {.name = "max_paths",
       .group = branching,
       .field = &Knobs::max_paths,
       .minimum = 1,
       .maximum = 1024,
       .unit = "paths",
       .help = "likeliest paths that go on after each step"},
  };
}

}  // namespace

std::span<const KnobInfo> knob_table() {
  static const std::vector<KnobInfo> table = build_table();
  return table;
}

}  // namespace sketchscope
