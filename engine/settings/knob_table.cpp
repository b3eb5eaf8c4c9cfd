// The one table of knobs: flags, window, JSON, scripts and tests read it.
#include <limits>

#include "engine/policy/policy.hpp"
#include "engine/read/read.hpp"
#include "engine/read/tail_summary.hpp"
#include "engine/settings/knobs.hpp"
#include "engine/settings/layer_budgets.hpp"
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

bool has_sketch(const Knobs& knobs) {
  return knobs.policy == "sketch";
}

bool has_sketch_table(const Knobs& knobs) {
  return has_sketch(knobs) && knobs.sketch != "exact";
}

bool has_buckets(const Knobs& knobs) {
  return knobs.read == "aggregate" && (knobs.aggregate == "clusters" || knobs.aggregate == "race");
}

bool hashes(const Knobs& knobs) {
  const bool codes_keys = has_sketch(knobs) && knobs.sketch_key == "key-lsh";
  const bool codes_tail = knobs.read == "aggregate" && knobs.aggregate == "race";
  return has_sketch_table(knobs) || codes_keys || codes_tail;
}

bool draws(const Knobs& knobs) {
  return knobs.temperature > 0;
}

std::vector<KnobInfo> build_table() {
  using enum KnobGroup;
  constexpr double kSeedMaximum = static_cast<double>(std::numeric_limits<std::uint64_t>::max());
  const auto keys = sketch_key_names();
  const auto budgets = budget_names();
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
       .help = "capacity: slots per table that may be filled"},
      {.name = "budget",
       .group = cache,
       .field = &Knobs::budget,
       .choices = {budgets.begin(), budgets.end()},
       .help = "how the layers share max_cache_size times their number: equally, falling from the "
               "first to the last, or by what each needs"},
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
       .choices = {"layer", "head"},
       .help = "what has a slot table of its own: each layer, or each head of each layer",
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
       .choices = names_of(read_kinds()),
       .help = "how attention uses what is stored"},
      {.name = "read_k",
       .group = cache,
       .field = &Knobs::read_k,
       .minimum = 1,
       .maximum = 65536,
       .unit = "slots",
       .help = "slots of highest score that `read topk` takes, beside sinks and recent window",
       .matters = [](const Knobs& knobs) { return knobs.read == "topk"; }},
      {.name = "aggregate",
       .group = cache,
       .field = &Knobs::aggregate,
       .choices = names_of(aggregate_kinds()),
       .help = "what `read aggregate` knows of evicted positions; mass needs the policy sketch",
       // Without a sketch `mass` is refused: another has to be taken before the read.
       .matters =
           [](const Knobs& knobs) { return knobs.read == "aggregate" || !has_sketch(knobs); }},
      {.name = "clusters",
       .group = cache,
       .field = &Knobs::clusters,
       .minimum = 1,
       .maximum = 256,
       .unit = "per head",
       .help = "mean keys of `aggregate clusters`, buckets a row of `aggregate race`",
       .matters = has_buckets},
      {.name = "kv",
       .group = cache,
       .field = &Knobs::kv,
       .choices = {"f32", "f16", "int8", "int4"},
       .help = "format of stored keys and values; int4 takes about a sixth of f32's bytes"},
      {.name = "target",
       .group = cache,
       .field = &Knobs::target,
       .choices = {"none", "retained-mass", "logit-kl"},
       .help = "what max_cache_size is moved for, to hold it with the fewest slots: retained-mass "
               "needs the audit, logit-kl the twin"},
      {.name = "target_value",
       .group = cache,
       .field = &Knobs::target_value,
       .minimum = 0,
       .maximum = 1,
       .help = "least mean retained mass, or most mean logit KL in nats, that target holds",
       .matters = [](const Knobs& knobs) { return knobs.target != "none"; }},
      {.name = "sketch",
       .group = sketch,
       .field = &Knobs::sketch,
       .choices = names_of(sketch_kinds()),
       .help = "kind of the counter table",
       .matters = has_sketch},
      {.name = "sketch_width",
       .group = sketch,
       .field = &Knobs::sketch_width,
       .minimum = 1,
       .maximum = 65536,
       .unit = "counters",
       .help = "counters in a row of the sketch (W)",
       .matters = has_sketch_table},
      {.name = "sketch_depth",
       .group = sketch,
       .field = &Knobs::sketch_depth,
       .minimum = 1,
       .maximum = 16,
       .unit = "rows",
       .help = "rows of the sketch, each with a hash of its own (R)",
       .matters = has_sketch_table},
      {.name = "sketch_key",
       .group = sketch,
       .field = &Knobs::sketch_key,
       .choices = {keys.begin(), keys.end()},
       .help = "what an item of the sketch is",
       .matters = has_sketch},
      {.name = "sketch_seed",
       .group = sketch,
       .field = &Knobs::sketch_seed,
       .minimum = 0,
       .maximum = kSeedMaximum,
       .help = "start of the hash functions' random numbers",
       .matters = hashes},
      {.name = "lsh_bits",
       .group = sketch,
       .field = &Knobs::lsh_bits,
       .minimum = 1,
       .maximum = 24,
       .unit = "bits",
       .help = "length of the sign-projection code of a key, for sketch_key key-lsh",
       .matters =
           [](const Knobs& knobs) { return has_sketch(knobs) && knobs.sketch_key == "key-lsh"; }},
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
       .help = "draw among this many likeliest tokens; 0 is off",
       .matters = draws},
      {.name = "top_p",
       .group = sampling,
       .field = &Knobs::top_p,
       .minimum = 0,
       .maximum = 1,
       .help = "draw among the fewest tokens whose probabilities reach this; 1 is off",
       .matters = draws},
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
