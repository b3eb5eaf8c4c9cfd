#include "engine/decode/lane_state.hpp"

#include <algorithm>
#include <utility>

#include "engine/policy/output_perturbation.hpp"

namespace sketchscope::decode {

LaneState::LaneState(const model::ModelConfig& model, std::shared_ptr<cache::PagePools> pools,
                     LaneOptions options)
    : config(model),
      pages(std::move(pools)),
      rules{.knobs = options.knobs,
            .policy =
                options.policy ? std::move(options.policy) : settings::make_policy(options.knobs),
            .read = options.knobs.read->make(),
            .sketch_key = options.knobs.sketch_key,
            .coder = nullptr},
      measured{.audit = options.audit,
               .has_twin = options.has_twin,
               .keep_attention = options.keep_attention,
               .observer = std::move(options.observer)},
      budgets(config.layers, budget_rule()),
      random(options.knobs.seed) {
  const settings::Knobs& knobs = rules.knobs;
  settings::check_knobs(knobs);
  settings::check_model(knobs, config);
  settings::check_target(knobs, measured.audit, measured.has_twin);
  layers.resize(static_cast<std::size_t>(config.layers));
  const int shared = table_kv_heads();
  for (LayerCache& cache : layers) {
    for (int head = 0; head < kv_heads(); head += shared) {
      cache.tables.push_back(
          empty_table({.kv = {.first = head, .count = shared},
                       .query = {.first = head * query_group(), .count = shared * query_group()}}));
    }
    cache.sketch = fresh_sketch();
  }
  rules.coder = fresh_coder();
}

namespace {

constexpr int kQueriesAhead = 512;  // over whose positions expected queries are rotated

}  // namespace

void LaneState::score(int layer, const CacheTable& table, policy::ScoreRoom& room,
                      std::vector<float>& importance) const {
  score_by(*rules.policy, layer, table, room, importance);
}

void LaneState::score_by(const policy::Policy& policy, int layer, const CacheTable& table,
                         policy::ScoreRoom& room, std::vector<float>& importance) const {
  importance.resize(static_cast<std::size_t>(table.slots.stored()));
  const bool rotated = policy.needs_query_moments() && config.rotates(layer);
  room.mean_rotation.resize(rotated ? config.rotary->width() : 0);
  if (rotated) {
    const int first = rules.ranks_positions() ? table.slots.stored() : next_position(table);
    model::write_mean_rotation(*config.rotary, first, kQueriesAhead, room.mean_rotation);
  }
  policy.score({.layer = layer,
                .stored_positions = table.slots.positions(),
                .statistics = table.statistics,
                .sketch = this->layer(layer).sketch.get(),
                .items = items_of(table),
                .seed = rules.knobs.seed,
                .capacity = budgets.of(layer),
                .sinks = rules.knobs.sinks,
                .next_position = next_position(table),
                .observation = rules.observation(),
                .stored = {.table = &table.slots,
                           .kv_heads = table.heads.kv.count,
                           .query_heads = table.heads.query.count,
                           .head_width = config.head_width,
                           .scale = config.attention_scale(layer),
                           .rotations = rotations_of(table)},
                .moments = &table.moments,
                .mean_rotation = room.mean_rotation,
                .room = &room},
               importance);
}

int LaneState::next_position(const CacheTable& table) const {
  // A prompt in one pass is stored whole before its tokens count as fed.
  return tokens.empty() ? table.slots.stored() : static_cast<int>(tokens.size());
}

namespace {

// How many stored positions are at least `first`.
int stored_from(const CacheTable& table, int first) {
  return static_cast<int>(std::ranges::count_if(
      table.slots.positions(), [first](int position) { return position >= first; }));
}

// The spared position of a table. One that is spared at nobody's cost is chosen as it was, and only
// then protected.
std::optional<int> protected_in(const LaneState& lane, const CacheTable& table) {
  if (!lane.spared || !lane.spares_in(table)) return {};
  if (lane.spared->by == SparedBy::extra && !lane.spared_beside) return {};
  return lane.spared->position;
}

}  // namespace

bool LaneState::spares_in(const CacheTable& table) const {
  if (!spared) return false;
  return &table == &layer(spared->layer).tables[static_cast<std::size_t>(spared->table)];
}

policy::Protection LaneState::protection_before_incoming(const CacheTable& table) const {
  const int latest = rules.policy->protected_latest(rules.observation());
  const int observed = latest > 0 ? stored_from(table, next_position(table) - latest) : 0;
  return {.sinks = rules.knobs.sinks,
          .recent = std::max(rules.recent() - 1, observed),
          .spared = protected_in(*this, table)};
}

policy::Protection LaneState::protection_with_newest(const CacheTable& table) const {
  const int latest = rules.policy->protected_latest(rules.observation());
  const int observed = latest > 0 ? stored_from(table, next_position(table) - latest) : 0;
  return {.sinks = rules.knobs.sinks,
          .recent = std::max(rules.recent(), observed),
          .spared = protected_in(*this, table)};
}

int LayerCache::stored_in_all() const {
  int stored = 0;
  for (const CacheTable& table : tables) stored += table.slots.stored();
  return stored;
}

int LayerCache::longest() const {
  int longest = 0;
  for (const CacheTable& table : tables) longest = std::max(longest, table.slots.stored());
  return longest;
}

std::size_t LayerCache::mass_numbers() const {
  const auto [first, count] = mass_range(tables.size() - 1);
  return first + count;
}

LayerCache::MassRange LayerCache::mass_range(std::size_t table) const {
  const auto numbers_of = [this](std::size_t index) {
    return static_cast<std::size_t>(tables[index].heads.query.count) *
           static_cast<std::size_t>(tables[index].slots.stored());
  };
  MassRange range{.count = numbers_of(table)};
  for (std::size_t index = 0; index < table; ++index) range.first += numbers_of(index);
  return range;
}

bool LaneState::is_full(int layer, const CacheTable& table) const {
  if (!rules.policy->evicts()) return false;
  if (!shares_slots()) return table.slots.stored() - slots_beside(table) >= budgets.of(layer);
  const LayerCache& cache = this->layer(layer);
  const auto tables = static_cast<int>(cache.tables.size());
  return cache.stored_in_all() + tables - slots_beside(layer) > tables * budgets.of(layer);
}

int LaneState::most_slots(int layer) const {
  const int mean = budgets.of(layer) + slots_beside(layer);
  if (!shares_slots()) return mean;
  const auto others = static_cast<int>(this->layer(layer).tables.size()) - 1;
  return mean + others * (mean - policy::least_of_a_head(mean));
}

bool LaneState::has_room() const {
  if (tokens.size() < static_cast<std::size_t>(config.positions)) return true;
  if (!rules.ranks_positions() || !rules.policy->evicts()) return false;
  for (int layer = 0; layer < config.layers; ++layer) {
    if (most_slots(layer) > config.positions) return false;
  }
  return true;
}

void LaneState::end_audit() {
  measured.audit_over = true;
  for (LayerCache& cache : layers) {
    for (CacheTable& table : cache.tables) {
      table.audit.reset();
      table.divergence = {};
    }
  }
}

void LaneState::reserve_rotations(int ranks) {
  if (!rules.ranks_positions()) return;
  const std::size_t numbers = 2 * head_width();
  const int known = rotations ? static_cast<int>(rotations->size() / numbers) : 0;
  if (ranks <= known) return;
  const int ahead = std::max(ranks, std::min(2 * known, config.positions));
  rotations = std::make_shared<const std::vector<float>>(
      model::slot_rotations(*config.rotary, config.head_width, ahead));
}

kernels::SlotRotations LaneState::rotations_of(const CacheTable& table) const {
  // No rank was taken before the first step.
  if (!rules.ranks_positions() || !rotations) return {};
  return {.ranks = table.ranks.values(),
          .rotations = *rotations,
          .pairs = static_cast<int>(config.rotary->frequencies.size())};
}

sketch::ItemMap LaneState::items_of(const CacheTable& table) const {
  return {.key = rules.sketch_key,
          .heads = table.heads.kv,
          .context = config.positions,
          .positions = table.slots.positions(),
          .tokens = table.slots.tokens(),
          .codes = table.codes};
}

policy::TableSize LaneState::table_size(const TableHeads& heads, std::size_t slots) const {
  return {.slots = slots,
          .kv_heads = static_cast<std::size_t>(heads.kv.count),
          .query_heads = static_cast<std::size_t>(heads.query.count),
          .head_width = head_width()};
}

settings::BudgetRule LaneState::budget_rule() const {
  return {.kind = rules.knobs.budget,
          .capacity = rules.knobs.max_cache_size,
          .protected_slots = rules.knobs.sinks + rules.recent()};
}

CacheTable LaneState::empty_table(const TableHeads& heads) const {
  CacheTable table{.heads = heads,
                   .slots = cache::SlotTable(pages->of(page_shape())),
                   .statistics = cache::SlotStatistics(
                       rules.policy->needs(), rules.policy->mass_rows(rules.observation())),
                   .bounds = fresh_bounds(heads),
                   .moments = fresh_moments(heads),
                   .tail = fresh_tail(heads)};
  if (!measured.audit) return table;
  table.audit.emplace(pages->of(audit_shape()), heads.query.count, config.positions);
  // Keys that are stored unrotated are not those of full attention either.
  const bool stores_others = rules.knobs.kv != kernels::KvFormat::f32 || rules.ranks_positions();
  if (stores_others) table.audit->keep_originals(table.slots);
  return table;
}

core::Clone<sketch::Sketch> LaneState::fresh_sketch() const {
  if (!rules.policy->uses_sketch()) return {};
  return rules.knobs.sketch->make(settings::sketch_shape(rules.knobs));
}

core::Clone<read::TailSummary> LaneState::fresh_tail(const TableHeads& heads) const {
  if (!rules.read->reads_tail()) return {};
  return rules.knobs.aggregate->make({.heads = heads.kv.count,
                                      .head_width = config.head_width,
                                      .clusters = rules.knobs.clusters,
                                      .seed = rules.knobs.sketch_seed});
}

std::shared_ptr<const sketch::KeyCoder> LaneState::fresh_coder() const {
  const bool coded = rules.policy->uses_sketch() && rules.sketch_key == sketch::SketchKey::key_lsh;
  if (!coded) return nullptr;
  return std::make_shared<sketch::KeyCoder>(table_kv_heads() * config.head_width,
                                            rules.knobs.lsh_bits, rules.knobs.sketch_seed);
}

cache::PageBounds LaneState::fresh_bounds(const TableHeads& heads) const {
  return rules.read->reads_pages() ? cache::PageBounds(heads.kv.count, config.head_width)
                                   : cache::PageBounds();
}

cache::QueryMoments LaneState::fresh_moments(const TableHeads& heads) const {
  return rules.policy->needs_query_moments()
             ? cache::QueryMoments(heads.query.count, config.head_width)
             : cache::QueryMoments();
}

void note_vectors(const LaneState& lane, CacheTable& table, int slot, std::span<const float> key,
                  std::span<const float> value) {
  for (const auto& [statistic, vector] : {std::pair{cache::Statistic::key_norm, key},
                                          std::pair{cache::Statistic::value_norm, value}}) {
    if (!table.statistics.keeps(statistic)) continue;
    table.statistics.set(statistic, slot, policy::sum_of_norms(vector, table.heads.kv.count));
  }
  if (!lane.rules.coder) return;
  table.codes.resize(static_cast<std::size_t>(table.slots.stored()));
  table.codes[static_cast<std::size_t>(slot)] = lane.rules.coder->code(key);
}

std::size_t LaneWorkspace::bytes() const {
  std::size_t bytes = items.capacity() * sizeof(kernels::SketchItem) +
                      ids.capacity() * sizeof(std::uint32_t) +
                      historic_shares.capacity() * sizeof(double) + leaving.bytes() +
                      score_room.bytes() + shared.bytes() + page_bounds.capacity() * sizeof(float) +
                      head_pages.capacity() * sizeof(kernels::PageView);
  for (const std::vector<int>& slots : read_slots) bytes += slots.capacity() * sizeof(int);
  for (const auto* numbers :
       {&mass, &log_sum_exp, &tail_share, &tail_mean, &slot_mass, &perturbation, &importance,
        &estimates, &key, &value, &rotated_query, &own_rotation, &at_position, &unrotated}) {
    bytes += numbers->capacity() * sizeof(float);
  }
  return bytes;
}

}  // namespace sketchscope::decode
