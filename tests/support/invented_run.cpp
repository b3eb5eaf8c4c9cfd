#include "tests/support/invented_run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "tests/support/invented_trace.hpp"

namespace sketchscope::test {
namespace {

/// Any spreading of items over a row will do here.
std::size_t bucket(int row, int position, int width) {
  core::SplitMix64 mixed(static_cast<std::uint64_t>(row) << 32 |
                         static_cast<std::uint64_t>(position));
  return mixed.below(static_cast<std::uint64_t>(width));
}

}  // namespace

InventedRun::InventedRun(InventedRunOptions options)
    : options_(std::move(options)),
      wanted_(options_.knobs),
      layers_(static_cast<std::size_t>(options_.layers)),
      random_(options_.seed) {}

void InventedRun::set(std::string_view knob, std::string_view value) {
  if (knob == "max_cache_size") wanted_.max_cache_size = std::stoi(std::string(value));
  if (knob == "sketch_width") wanted_.sketch_width = std::stoi(std::string(value));
  if (knob == "recent_window") wanted_.recent_window = std::stoi(std::string(value));
}

void InventedRun::apply_changes(record::StepRecord& record) {
  settings::Knobs& now = options_.knobs;
  const auto change = [&](const char* name, int settings::Knobs::*field) {
    if (now.*field == wanted_.*field) return;
    record.changes.push_back(
        {name, std::to_string(now.*field), std::to_string(wanted_.*field), {}});
    now.*field = wanted_.*field;
    applied_at_[name] = record.step;
  };
  change("max_cache_size", &settings::Knobs::max_cache_size);
  change("recent_window", &settings::Knobs::recent_window);
  if (now.sketch_width != wanted_.sketch_width) {
    for (auto& layer : layers_) layer.cells.clear();
  }
  change("sketch_width", &settings::Knobs::sketch_width);
}

void InventedRun::evict(int index, record::EvictionReason reason, record::StepRecord& record) {
  Layer& layer = layers_[static_cast<std::size_t>(index)];
  std::ranges::sort(layer.positions);
  const auto first = std::ranges::lower_bound(layer.positions, options_.knobs.sinks);
  const auto recent = std::max(options_.knobs.recent_window, 1) - 1;
  const auto last = std::max(first + 1, layer.positions.end() - recent);
  const auto score = [&](int position) {
    return layer.estimates[static_cast<std::size_t>(position)];
  };
  const auto victim = std::ranges::min_element(first, last, {}, score);
  record::EvictionRecord eviction;
  eviction.layer = index;
  eviction.position = *victim;
  eviction.token = tokens_[static_cast<std::size_t>(*victim)];
  eviction.score = score(*victim);
  eviction.candidates = static_cast<int>(last - first);
  eviction.reason = reason;
  eviction.degenerate = layer.positions.end() - first <= recent;
  if (options_.audit) eviction.exact_score = layer.exact[static_cast<std::size_t>(*victim)];
  for (auto other = first; other != last; ++other) {
    if (other == victim) continue;
    const float margin = score(*other) - eviction.score;
    if (eviction.margin && margin >= *eviction.margin) continue;
    eviction.margin = margin;
    eviction.next_position = *other;
  }
  layer.positions.erase(victim);
  record.evictions.push_back(eviction);
}

void InventedRun::attend(Layer& layer) {
  const auto& knobs = options_.knobs;
  layer.cells.resize(static_cast<std::size_t>(knobs.sketch_depth * knobs.sketch_width));
  for (auto& regret : layer.regret) regret += static_cast<float>(random_.uniform() * 2e-4);
  for (const int position : layer.positions) {
    const auto index = static_cast<std::size_t>(position);
    layer.regret[index] = 0;
    const double weight = position == 0 ? 0.4 : std::pow(random_.uniform(), 6) * 0.05;
    layer.exact[index] += static_cast<float>(weight);
    for (int row = 0; row < knobs.sketch_depth; ++row) {
      layer.cells[static_cast<std::size_t>(row * knobs.sketch_width) +
                  bucket(row, position, knobs.sketch_width)] += static_cast<float>(weight);
    }
  }
  for (std::size_t position = 0; position < tokens_.size(); ++position) {
    float least = layer.exact[position] * 100 + 1;
    for (int row = 0; row < knobs.sketch_depth; ++row) {
      least =
          std::min(least, layer.cells[static_cast<std::size_t>(row * knobs.sketch_width) +
                                      bucket(row, static_cast<int>(position), knobs.sketch_width)]);
    }
    layer.estimates[position] = std::max(least, layer.exact[position]);
  }
}

void InventedRun::measure(record::StepRecord& record) {
  const bool capped = tokens_.size() > static_cast<std::size_t>(options_.knobs.max_cache_size);
  for (const auto& layer : layers_) {
    record::LayerRecord figures;
    figures.stored = static_cast<int>(layer.positions.size());
    if (options_.audit) {
      const double lost = capped ? 0.03 + 0.02 * random_.uniform() : 0;
      figures.retained_mass = 1 - lost;
      figures.attention_kl = -std::log(1 - lost);
      figures.attention_tv = lost;
    }
    record.layers.push_back(figures);
  }
  double left = 1;
  for (int rank = 0; rank < 10; ++rank) {
    const double probability = left * (0.3 + 0.3 * random_.uniform());
    left -= probability;
    record::Candidate candidate;
    candidate.token =
        static_cast<int>(random_.below(static_cast<std::uint64_t>(options_.vocabulary)));
    candidate.probability = static_cast<float>(probability);
    if (options_.twin) candidate.twin_probability = static_cast<float>(probability * 1.1);
    record.candidates.push_back(candidate);
    record.entropy -= probability * std::log(probability);
  }
  if (options_.twin) {
    record.logit_kl = capped ? 0.02 * (1 + random_.uniform()) : 0;
    record.top1_agrees = true;
  }
  if (steps_ > 0) {
    record.token_probability = 0.2 + 0.6 * random_.uniform();
    record.token_rank = 1;
    if (options_.twin)
      record.twin_token_probability = std::min(1.0, *record.token_probability * 1.05);
  }
  record.times.total_ms = 0.9 + 0.1 * random_.uniform();
  record.times.policy_ms = record.times.total_ms * 0.024;
  constexpr std::size_t kBytesPerSlot = 2 * 192 * sizeof(float);
  for (const auto& layer : layers_)
    record.memory.kv_stored += layer.positions.size() * kBytesPerSlot;
  record.memory.sketch = layers_.size() * layers_.front().cells.size() * sizeof(float);
  record.memory.audit = options_.audit ? 1000 * tokens_.size() : 0;
  record.memory.kv_full = layers_.size() * tokens_.size() * kBytesPerSlot;
  record.memory.weights = 12'000'000;
  record.memory.activations = 2'000'000;
  record.memory.pages_reserved = 3 * record.memory.kv_full / 2 + 1'000'000;
  record.memory.process = 60'000'000 + record.memory.pages_reserved;
  record.memory.process_peak = record.memory.process + 5'000'000;
  if (!options_.device) return;
  record.memory.device_used = 400'000'000 + record.memory.kv_full;
  record.memory.device_total = 24'000'000'000;
}

std::shared_ptr<const record::StepRecord> InventedRun::step() {
  auto record = std::make_shared<record::StepRecord>();
  record->step = steps_;
  apply_changes(*record);
  const int fed = steps_ == 0 ? options_.prompt_tokens : 1;
  record->prompt_tokens = steps_ == 0 ? fed : 0;
  for (int index = 0; index < fed; ++index) {
    const int token =
        static_cast<int>(random_.below(static_cast<std::uint64_t>(options_.vocabulary)));
    tokens_.push_back(token);
    record->tokens.push_back(token);
  }
  record->position = static_cast<int>(tokens_.size()) - 1;
  for (int index = 0; index < options_.layers; ++index) {
    Layer& layer = layers_[static_cast<std::size_t>(index)];
    layer.exact.resize(tokens_.size());
    layer.regret.resize(tokens_.size());
    layer.estimates.resize(tokens_.size());
    const auto capacity = static_cast<std::size_t>(options_.knobs.max_cache_size);
    while (layer.positions.size() > capacity)
      evict(index, record::EvictionReason::capacity_lowered, *record);
    for (int position = record->position + 1 - fed; position <= record->position; ++position) {
      if (layer.positions.size() == capacity)
        evict(index, record::EvictionReason::capacity, *record);
      layer.positions.push_back(position);
    }
    attend(layer);
  }
  measure(*record);
  const trace::StepTrace taken_apart = invented_trace(steps_, {.layers = options_.layers,
                                                               .evicts = !record->evictions.empty(),
                                                               .audit = options_.audit,
                                                               .begin_ns = steps_ * 10'000'000});
  traces_.push_back(std::make_shared<const trace::StepTrace>(taken_apart));
  ++steps_;
  return record;
}

void InventedRun::invent_attention(const Layer& layer, run::LayerState& now) const {
  if (steps_ < 2) return;
  core::SplitMix64 random(static_cast<std::uint64_t>(steps_));
  for (int head = 0; head < options_.heads; ++head) {
    std::vector<float> all;
    for (std::size_t position = 0; position < tokens_.size(); ++position) {
      all.push_back(static_cast<float>(std::pow(random.uniform(), 8)));
    }
    const float sum = std::accumulate(all.begin(), all.end(), 0.0F);
    std::vector<float> own(all.size(), std::numeric_limits<float>::quiet_NaN());
    for (float& mass : all) mass /= sum;
    for (const int position : layer.positions) {
      own[static_cast<std::size_t>(position)] = all[static_cast<std::size_t>(position)];
    }
    now.attention.insert(now.attention.end(), own.begin(), own.end());
    if (options_.twin) {
      now.twin_attention.insert(now.twin_attention.end(), all.begin(), all.end());
    }
  }
}

std::vector<decode::PoolPages> InventedRun::invent_pages() const {
  constexpr std::size_t kSlots = 16;
  decode::PoolPages pool{.shape = {.heads = options_.heads, .head_width = 32},
                         .page_bytes = 24'576,
                         .holders = {},
                         .references = {},
                         .by_holders = {}};
  const auto add = [&](std::size_t pages, std::initializer_list<run::PageHolder> holders) {
    unsigned bits = 0;
    for (const run::PageHolder holder : holders) bits |= 1U << static_cast<unsigned>(holder);
    for (std::size_t page = 0; page < pages; ++page) {
      pool.holders.push_back(static_cast<decode::PageHolders>(bits));
      pool.references.push_back(static_cast<std::int32_t>(holders.size()));
    }
  };
  for (const Layer& layer : layers_) {
    const std::size_t own = (layer.positions.size() + kSlots - 1) / kSlots;
    add(own / 2, {run::PageHolder::lane, run::PageHolder::kept});
    add(own - own / 2, {run::PageHolder::lane});
    if (options_.twin) add((tokens_.size() + kSlots - 1) / kSlots, {run::PageHolder::twin});
    if (options_.audit)
      add((tokens_.size() - layer.positions.size()) / kSlots + 1, {run::PageHolder::audit});
  }
  add(20, {});
  pool.by_holders = decode::count_by_holders(pool.holders);
  return {pool};
}

run::LiveState InventedRun::state() const {
  run::LiveState state;
  state.phase = run::RunPhase::running;
  state.steps = steps_;
  state.applied = options_.knobs;
  state.wanted = wanted_;
  state.applied_at = applied_at_;
  state.twin = options_.twin;
  state.audit = options_.audit;
  state.step_traces = traces_;
  if (steps_ > 0)
    state.pages = std::make_shared<const std::vector<decode::PoolPages>>(invent_pages());
  state.machine = std::make_shared<const trace::MachineSpeed>(trace::MachineSpeed{
      .cpu = "an invented processor", .threads = 2, .read_gb_per_s = 20, .gflop_per_s = 100});
  for (const auto& layer : layers_) {
    run::TableState table;
    table.positions = layer.positions;
    for (const int position : layer.positions) {
      table.scores.push_back(layer.estimates[static_cast<std::size_t>(position)]);
    }
    if (options_.audit) {
      table.exact_mass = layer.exact;
      table.regret = layer.regret;
    }
    table.estimates = layer.estimates;
    run::LayerState now;
    now.tables.push_back(std::move(table));
    now.cells = layer.cells;
    invent_attention(layer, now);
    now.total_mass = std::accumulate(layer.exact.begin(), layer.exact.end(), 0.0);
    now.error_bound.above = std::exp(1.0) / options_.knobs.sketch_width * now.total_mass;
    now.sketch_bytes = layer.cells.size() * sizeof(float);
    now.exact_bytes = tokens_.size() * sizeof(float);
    state.layers.push_back(now);
  }
  return state;
}

const std::vector<int>& InventedRun::stored(int layer) const {
  return layers_[static_cast<std::size_t>(layer)].positions;
}

}  // namespace sketchscope::test
