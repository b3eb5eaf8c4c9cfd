#include "gui/view/stored_curves.hpp"

#include <gmock/gmock.h>

namespace sketchscope {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

/// Returns a record with one table per layer that stores `stored` positions.
std::shared_ptr<StepRecord> record_of(std::int64_t step, const std::vector<int>& stored,
                                      std::optional<int> capacity) {
  auto record = std::make_shared<StepRecord>();
  record->step = step;
  record->position = static_cast<int>(step);
  record->tokens = {1};
  for (const int count : stored) {
    LayerRecord layer{.stored = count};
    layer.capacity = capacity;
    record->layers.push_back(layer);
  }
  return record;
}

TEST(StoredCurves, JoinsLayersThatWereEquallyFullAtEveryStep) {
  History history;
  history.append(record_of(0, {1, 1, 1, 1, 1}, 8));
  EXPECT_THAT(stored_curves(history), SizeIs(1));
  EXPECT_EQ(stored_curves(history)[0].name, "all layers");
  history.append(record_of(1, {2, 2, 2, 3, 2}, 8));
  const auto curves = stored_curves(history);
  ASSERT_THAT(curves, SizeIs(2));
  EXPECT_THAT(curves[0].layers, ElementsAre(0, 1, 2, 4));
  EXPECT_EQ(curves[0].name, "L0 to L2, L4");
  EXPECT_EQ(curves[1].name, "L3");
}

TEST(StoredCurves, TakesLayersWithoutACapAsAlike) {
  History history;
  history.append(record_of(0, {1, 1}, std::nullopt));
  EXPECT_THAT(stored_curves(history), SizeIs(1));
}

TEST(StoredCurves, GivesEveryLayerOfEveryStepAsNumbers) {
  History history;
  history.append(record_of(0, {1, 1}, 8));
  history.append(record_of(1, {2, 1}, 8));
  const DataTable table = stored_data(history);
  EXPECT_THAT(table.columns, ElementsAre("step", "layer_0_stored", "layer_0_capacity",
                                         "layer_1_stored", "layer_1_capacity"));
  EXPECT_THAT(table.rows[1], ElementsAre("1", "2", "8", "1", "8"));
}

TEST(StoredRange, IsOfTheEmptiestAndTheFullestLayer) {
  const StoredRange range = stored_range(*record_of(0, {4, 9, 2}, 10));
  EXPECT_EQ(range.least, 2);
  EXPECT_EQ(range.most, 9);
  EXPECT_EQ(stored_range(StepRecord()).most, 0);
}

}  // namespace
}  // namespace sketchscope
