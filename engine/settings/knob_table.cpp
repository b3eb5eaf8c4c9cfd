// The table of all knobs, from which flags, window, JSON, scripts and tests are made.
#include <limits>

#include "engine/settings/knobs.hpp"

namespace sketchscope::settings {
namespace {

template <typename Value>
std::vector<std::string_view> choices_of(Value Knobs::*) {
  if constexpr (core::NamedEnum<Value>) {
    return core::names_of<Value>();
  } else {
    return {};  // numbers have a range instead
  }
}
std::vector<std::string_view> choices_of(policy::Formula Knobs::*) {
  return {};  // any text that parses
}
template <auto entries>
std::vector<std::string_view> choices_of(core::Chosen<entries> Knobs::*) {
  return entries().names();
}

bool always(const Knobs&) {
  return true;
}

bool evicts(const Knobs& knobs) {
  return knobs.policy->evicts;
}

// Positions that are protected from eviction are also those that `read topk` always reads.
bool protects(const Knobs& knobs) {
  return knobs.policy->evicts || knobs.read->needs_scores;
}

// Accumulated mass is what policies score by, or what is known of evicted positions.
bool uses_mass(const Knobs& knobs) {
  return protects(knobs) || knobs.read->reads_tail;
}

bool has_sketch(const Knobs& knobs) {
  return uses_sketch(knobs);
}

bool observes_window(const Knobs& knobs) {
  constexpr policy::Observation kSeldom{.window = 77};
  return knobs.policy->observes_window ||
         (knobs.policy->takes_formula && make_policy(knobs)->mass_rows(kSeldom) > 0);
}

bool has_sketch_table(const Knobs& knobs) {
  return has_sketch(knobs) && knobs.sketch->has_table;
}

bool codes_keys(const Knobs& knobs) {
  return has_sketch(knobs) && knobs.sketch_key == sketch::SketchKey::key_lsh;
}

bool hashes(const Knobs& knobs) {
  const bool codes_tail = knobs.read->reads_tail && knobs.aggregate->draws_hashes;
  return has_sketch_table(knobs) || codes_keys(knobs) || codes_tail;
}

bool draws(const Knobs& knobs) {
  return knobs.temperature > 0;
}

std::vector<KnobInfo> build_table() {
  using enum KnobGroup;
  constexpr double kSeedMaximum = static_cast<double>(std::numeric_limits<std::uint64_t>::max());
  return {
      {.name = "policy",
       .group = cache,
       .field = &Knobs::policy,
       .help = "what decides which position leaves a full table"},
      {.name = "formula",
       .group = cache,
       .field = &Knobs::formula,
       .help = "score of a stored position under the policy formula, such as mass/queries; the "
               "lowest leaves first",
       .has_effect = [](const Knobs& knobs) { return knobs.policy->takes_formula; }},
      {.name = "max_cache_size",
       .group = cache,
       .field = &Knobs::max_cache_size,
       .minimum = 1,
       .maximum = 65536,
       .unit = "slots",
       .help = "capacity: slots per table that may be filled",
       // It is set ahead because a policy that evicts is refused until the capacity exceeds the
       // sinks.
       .has_effect = evicts,
       .is_set_ahead = always},
      {.name = "budget",
       .group = cache,
       .field = &Knobs::budget,
       .help = "how the layers share max_cache_size times their number: equally, falling from the "
               "first to the last, or by what each needs; heads: equally, but the heads of a layer "
               "share its slots by score, with granularity head",
       // It is set ahead because `heads` is refused without granularity head.
       .has_effect = evicts,
       .is_set_ahead = always},
      {.name = "sinks",
       .group = cache,
       .field = &Knobs::sinks,
       .maximum = 1024,
       .unit = "positions",
       .help = "first positions that are never evicted",
       .has_effect = protects,
       .is_set_ahead = always},
      {.name = "recent_window",
       .group = cache,
       .field = &Knobs::recent_window,
       .maximum = 65536,
       .unit = "positions",
       .help = "latest positions that are protected, the incoming one counted",
       .has_effect = protects,
       .is_set_ahead = always},
      {.name = "evict_batch",
       .group = cache,
       .field = &Knobs::evict_batch,
       .minimum = 1,
       .maximum = 65536,
       .unit = "positions",
       .help = "positions of lowest score that leave at once when a token meets a full table",
       .has_effect = evicts},
      {.name = "observation_window",
       .group = cache,
       .field = &Knobs::observation_window,
       .minimum = 1,
       .maximum = 4096,
       .unit = "queries",
       .help = "last queries whose mass the policy looks at one by one; their positions stay",
       .has_effect = observes_window},
      {.name = "pool_kernel",
       .group = cache,
       .field = &Knobs::pool_kernel,
       .minimum = 1,
       .maximum = 255,
       .unit = "positions",
       .help = "neighbours over which the policy snapkv takes a mean, itself included; odd",
       .odd = true,
       .has_effect = [](const Knobs& knobs) { return knobs.policy->pools; }},
      {.name = "granularity",
       .group = cache,
       .field = &Knobs::granularity,
       .help = "what has a slot table of its own: each layer, or each head of each layer",
       .live = false},
      {.name = "prefill",
       .group = cache,
       .field = &Knobs::prefill,
       .help = "prompt in one pass with full attention, then cut; or token by token, capped",
       .live = false},
      {.name = "positions",
       .group = cache,
       .field = &Knobs::positions,
       .help = "where keys and queries of a rotary model stand: at their token's position, or at "
               "its rank among the stored ones, so that a run may outgrow the model's context",
       .live = false,
       .rotary = true},
      {.name = "decay",
       .group = cache,
       .field = &Knobs::decay,
       .maximum = 1,
       .unit = "per step",
       .help = "accumulated mass is multiplied by this before a step's mass is added",
       .has_effect = uses_mass},
      {.name = "read",
       .group = cache,
       .field = &Knobs::read,
       .help = "how attention uses what is stored"},
      {.name = "read_k",
       .group = cache,
       .field = &Knobs::read_k,
       .minimum = 1,
       .maximum = 65536,
       .unit = "slots",
       .help = "slots of highest score that `read topk` takes, beside sinks and recent window; "
               "`read pages` takes a sixteenth as many pages",
       .has_effect = [](const Knobs& knobs) { return knobs.read->takes_k; }},
      {.name = "aggregate",
       .group = cache,
       .field = &Knobs::aggregate,
       .help = "what `read aggregate` knows of evicted positions; mass needs the policy sketch",
       // It is set ahead because `mass` is refused without a sketch, so another aggregate is chosen
       // before the read.
       .has_effect = [](const Knobs& knobs) { return knobs.read->reads_tail; },
       .is_set_ahead = [](const Knobs& knobs) { return !has_sketch(knobs); }},
      {.name = "clusters",
       .group = cache,
       .field = &Knobs::clusters,
       .minimum = 1,
       .maximum = 256,
       .unit = "per head",
       .help = "mean keys of `aggregate clusters`, buckets a row of `aggregate race`",
       .has_effect =
           [](const Knobs& knobs) {
             return knobs.read->reads_tail && knobs.aggregate->has_clusters;
           }},
      {.name = "kv",
       .group = cache,
       .field = &Knobs::kv,
       .help = "format of stored keys and values; int4 takes about a sixth of f32's bytes"},
      {.name = "target",
       .group = cache,
       .field = &Knobs::target,
       .help = "what max_cache_size is moved for, to hold it with the fewest slots: retained-mass "
               "needs the audit, logit-kl the twin",
       .has_effect = evicts},
      {.name = "target_value",
       .group = cache,
       .field = &Knobs::target_value,
       .maximum = 1,
       .help = "least mean retained mass, or most mean logit KL in nats, that target holds",
       .has_effect =
           [](const Knobs& knobs) { return evicts(knobs) && knobs.target != TargetKind::none; }},
      {.name = "sketch",
       .group = sketch,
       .field = &Knobs::sketch,
       .help = "kind of the counter table",
       .has_effect = has_sketch},
      {.name = "sketch_width",
       .group = sketch,
       .field = &Knobs::sketch_width,
       .minimum = 1,
       .maximum = 65536,
       .unit = "counters",
       .help = "counters in a row of the sketch (W)",
       .has_effect = has_sketch_table},
      {.name = "sketch_depth",
       .group = sketch,
       .field = &Knobs::sketch_depth,
       .minimum = 1,
       .maximum = 16,
       .unit = "rows",
       .help = "rows of the sketch, each with a hash of its own (R)",
       .has_effect = has_sketch_table},
      {.name = "sketch_key",
       .group = sketch,
       .field = &Knobs::sketch_key,
       .help = "what an item of the sketch is",
       .has_effect = has_sketch},
      {.name = "sketch_seed",
       .group = sketch,
       .field = &Knobs::sketch_seed,
       .maximum = kSeedMaximum,
       .help = "start of the hash functions' random numbers",
       .has_effect = hashes},
      {.name = "sketch_hash",
       .group = sketch,
       .field = &Knobs::sketch_hash,
       .help =
           "what the rows' hashes are taken of: items mixed by SplitMix64; or plain items, whose "
           "neighbours walk a lattice and may leave a row nearly empty",
       .has_effect = has_sketch_table},
      {.name = "lsh_bits",
       .group = sketch,
       .field = &Knobs::lsh_bits,
       .minimum = 1,
       .maximum = 24,
       .unit = "bits",
       .help = "length of the sign-projection code of a key, for sketch_key key-lsh",
       .has_effect = codes_keys},
      {.name = "temperature",
       .group = sampling,
       .field = &Knobs::temperature,
       .maximum = 10,
       .help = "divides the logits before a token is drawn; 0 takes the likeliest"},
      {.name = "top_k",
       .group = sampling,
       .field = &Knobs::top_k,
       .maximum = 1000000,
       .unit = "tokens",
       .help = "draw among this many likeliest tokens; 0 is off",
       .has_effect = draws},
      {.name = "top_p",
       .group = sampling,
       .field = &Knobs::top_p,
       .maximum = 1,
       .help = "draw among the fewest tokens whose probabilities reach this; 1 is off",
       .has_effect = draws},
      {.name = "repetition_penalty",
       .group = sampling,
       .field = &Knobs::repetition_penalty,
       .minimum = 0.1,
       .maximum = 10,
       .help = "makes tokens of the prompt and the text so far less likely: divides their logits "
               "where positive, multiplies them where negative; 1 is off"},
      {.name = "seed",
       .group = sampling,
       .field = &Knobs::seed,
       .maximum = kSeedMaximum,
       .help = "start of the sampler's random numbers"},
      {.name = "threshold",
       .group = branching,
       .field = &Knobs::threshold,
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

std::vector<KnobInfo> with_choices(std::vector<KnobInfo> table) {
  for (KnobInfo& knob : table) {
    knob.choices = std::visit([](const auto field) { return choices_of(field); }, knob.field);
  }
  return table;
}

}  // namespace

std::span<const KnobInfo> knob_table() {
  static const std::vector<KnobInfo> table = with_choices(build_table());
  return table;
}

}  // namespace sketchscope::settings
