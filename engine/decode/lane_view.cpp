#include "engine/decode/lane.hpp"

#include <algorithm>

#include "engine/decode/lane_state.hpp"

namespace sketchscope::decode {

TableView::TableView(const LaneState& lane, int layer, int index)
    : lane_(&lane),
      table_(&lane.layer(layer).tables[static_cast<std::size_t>(index)]),
      layer_(layer) {}

sketch::HeadRange TableView::kv_heads() const {
  return table_->heads.kv;
}

sketch::HeadRange TableView::query_heads() const {
  return table_->heads.query;
}

int TableView::stored() const {
  return table_->slots.stored();
}

std::span<const int> TableView::positions() const {
  return table_->slots.positions();
}

std::span<const int> TableView::tokens() const {
  return table_->slots.tokens();
}

kernels::KvFormat TableView::format() const {
  return table_->slots.format();
}

std::span<const cache::PagePool::PageId> TableView::page_ids() const {
  return table_->slots.page_ids();
}

int TableView::holders_of(int slot) const {
  return table_->slots.pool().references(
      page_ids()[static_cast<std::size_t>(slot / kernels::kSlotsPerPage)]);
}

std::vector<float> TableView::scores() const {
  return scores_by(*lane_->rules.policy);
}

std::vector<float> TableView::scores_by(const policy::Policy& policy) const {
  std::vector<float> importance;
  policy::ScoreRoom room;
  lane_->score_by(policy, layer_, *table_, room, importance);
  return importance;
}

std::span<const float> TableView::statistic(cache::Statistic statistic) const {
  return table_->statistics.values(statistic);
}

sketch::ItemMap TableView::items() const {
  return lane_->items_of(*table_);
}

bool TableView::audited() const {
  return table_->audit.has_value();
}

std::span<const float> TableView::exact_mass() const {
  return table_->audit.value().exact_mass();
}

std::span<const float> TableView::regret() const {
  return table_->audit.value().regret();
}

double TableView::total_regret() const {
  return table_->audit.value().total_regret();
}

const cache::Divergence& TableView::divergence() const {
  return table_->divergence;
}

int LayerView::table_count() const {
  return static_cast<int>(lane_->layer(layer_).tables.size());
}

std::vector<TableView> LayerView::tables() const {
  std::vector<TableView> views;
  for (int index = 0; index < table_count(); ++index) views.push_back(table(index));
  return views;
}

int LayerView::stored() const {
  return lane_->layer(layer_).stored_in_all() / table_count();
}

LayerView::StoredRange LayerView::stored_range() const {
  StoredRange range{.least = table(0).stored(), .most = table(0).stored()};
  for (const TableView& each : tables()) {
    range.least = std::min(range.least, each.stored());
    range.most = std::max(range.most, each.stored());
  }
  return range;
}

std::optional<int> LayerView::capacity() const {
  return lane_->capacity(layer_);
}

const sketch::Sketch* LayerView::sketch() const {
  return lane_->layer(layer_).sketch.get();
}

const Attended& LayerView::attended() const {
  return lane_->layer(layer_).attended;
}

cache::Divergence LayerView::divergence() const {
  cache::Divergence sum;
  for (const CacheTable& table : lane_->layer(layer_).tables) sum += table.divergence;
  return sum;
}

double LayerView::total_regret() const {
  double sum = 0;
  for (const CacheTable& table : lane_->layer(layer_).tables) {
    sum += table.audit.value().total_regret();
  }
  return sum;
}

}  // namespace sketchscope::decode
