#include "gui/view/occupancy.hpp"

#include <gmock/gmock.h>

#include <array>

#include "tests/support/invented_run.hpp"

namespace sketchscope::view {
namespace {

using test::InventedRun;
using ::testing::UnorderedElementsAreArray;

std::vector<int> stored_positions(const Occupancy& occupancy, int layer) {
  std::vector<int> positions;
  for (int position = 0; position < occupancy.positions; ++position) {
    if (is_stored(occupancy.at(layer, position))) positions.push_back(position);
  }
  return positions;
}

TEST(Occupancy, RebuildsWhatWasStoredAtEveryPastStep) {
  settings::Knobs knobs;
  knobs.max_cache_size = 40;
  knobs.recent_window = 8;
  InventedRun run({.layers = 3, .knobs = knobs});
  History history;
  std::vector<std::vector<std::vector<int>>> truth;
  for (int step = 0; step < 120; ++step) {
    if (step == 60) run.set("max_cache_size", "24");
    history.append(run.step());
    truth.push_back({run.stored(0), run.stored(1), run.stored(2)});
  }
  for (int step = 0; step < 120; ++step) {
    const Occupancy occupancy = occupancy_at(history, step, knobs);
    for (int layer = 0; layer < 3; ++layer) {
      const auto& expected = truth[static_cast<std::size_t>(step)][static_cast<std::size_t>(layer)];
      ASSERT_THAT(stored_positions(occupancy, layer), UnorderedElementsAreArray(expected))
          << "step " << step << ", layer " << layer;
      ASSERT_EQ(occupancy.stored[static_cast<std::size_t>(layer)],
                static_cast<int>(expected.size()));
    }
  }
}

TEST(Occupancy, ShowsSinksTheRecentWindowAndTheVictimsOfTheStep) {
  settings::Knobs knobs;
  knobs.max_cache_size = 20;
  knobs.sinks = 2;
  knobs.recent_window = 5;
  InventedRun run({.layers = 1, .prompt_tokens = 20, .knobs = knobs});
  History history;
  for (int step = 0; step < 11; ++step) history.append(run.step());
  const Occupancy occupancy = occupancy_at(history, 10, knobs);
  EXPECT_EQ(occupancy.at(0, 1), SlotStatus::sink);
  for (int position = 25; position < 30; ++position) {
    EXPECT_EQ(occupancy.at(0, position), SlotStatus::recent) << position;
  }
  const int victim = history.at(10)->evictions.at(0).position;
  EXPECT_EQ(occupancy.at(0, victim), SlotStatus::evicted_now);
  EXPECT_TRUE(is_stored(occupancy_at(history, 9, knobs).at(0, victim)));
  EXPECT_EQ(occupancy.at(0, 30), SlotStatus::unseen);
  EXPECT_EQ(occupancy.at(1, 0), SlotStatus::unseen);
}

TEST(Occupancy, ProtectsNothingUnderTheFullPolicy) {
  settings::Knobs knobs;
  knobs.policy = "full";
  knobs.max_cache_size = 1024;
  InventedRun run({.layers = 1, .knobs = knobs});
  History history;
  history.append(run.step());
  EXPECT_EQ(occupancy_at(history, 0, knobs).at(0, 0), SlotStatus::kept);
}

// Two layers of two heads; position 1 left head 1 of layer 0 in step 1.
History history_by_head() {
  History history;
  for (int step = 0; step < 3; ++step) {
    auto record = std::make_shared<record::StepRecord>();
    record->step = step;
    record->position = step;
    record->tokens = {7};
    record->layers.assign(2, record::LayerRecord{.stored = 2, .tables = 2});
    if (step == 2) {
      record->evictions = {{.layer = 0, .head = 1, .position = 1, .score = 0.25F},
                           {.layer = 1, .head = 0, .position = 0, .score = 0.5F}};
    }
    history.append(record);
  }
  return history;
}

TEST(Occupancy, HasARowForEachHeadWhereHeadsHaveTablesOfTheirOwn) {
  settings::Knobs knobs;
  knobs.sinks = 0;
  knobs.recent_window = 1;
  const Occupancy occupancy = occupancy_at(history_by_head(), 2, knobs);
  ASSERT_EQ(occupancy.rows, 4);
  EXPECT_EQ(occupancy.layer_of(1), 0);
  EXPECT_EQ(occupancy.head_of(1), 1);
  EXPECT_EQ(occupancy.at(1, 1), SlotStatus::evicted_now);
  EXPECT_EQ(occupancy.at(0, 1), SlotStatus::kept) << "the other head keeps it";
  EXPECT_EQ(occupancy.at(2, 0), SlotStatus::evicted_now);
  EXPECT_EQ(occupancy.stored, (std::vector{3, 2, 2, 3}));
  EXPECT_EQ(holding_of(occupancy, 1).tables, 3);
}

TEST(OccupancyCache, TellsARunFromOneOfTheSameLengthThatCameIntoItsPlace) {
  const auto run_of = [](std::uint64_t seed) {
    InventedRun run({.seed = seed});
    History history;
    for (int step = 0; step < 150; ++step) history.append(run.step());
    return history;
  };
  History history = run_of(1);
  Occupancies occupancies;
  const auto cached = [&] { return occupancies.of(history).at(history, {}, 149).status; };
  const auto first = cached();
  EXPECT_EQ(first, occupancy_at(history, 149, {}).status);
  history = run_of(2);
  EXPECT_EQ(cached(), occupancy_at(history, 149, {}).status);
  EXPECT_NE(cached(), first);
}

TEST(History, FindsTheEvictionOfOneHeadAlone) {
  const History history = history_by_head();
  const auto place = history.eviction_of(0, 1, 1);
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(history.eviction(*place)->score, 0.25F);
  EXPECT_EQ(history.eviction_of(0, 1, 0), std::nullopt);
  EXPECT_EQ(history.eviction_of(0, 1, 2), std::nullopt);
  EXPECT_EQ(history.eviction_of(1, 0)->step, 2);
}

TEST(OccupancyPixels, NeverAverageAwayWhatWasEvictedNow) {
  Occupancy occupancy;
  occupancy.rows = 1;
  occupancy.positions = 100;
  occupancy.status.assign(100, SlotStatus::kept);
  occupancy.status[57] = SlotStatus::evicted_now;
  StatusColors colors{};
  colors[static_cast<std::size_t>(SlotStatus::evicted_now)] = plot::Color::hex(0xFF0000);
  const auto pixels = occupancy_pixels(occupancy, {0, 100}, 10, colors);
  ASSERT_EQ(pixels.size(), 10U);
  EXPECT_EQ(pixels[5], plot::Color::hex(0xFF0000));
  EXPECT_EQ(pixels[4], (plot::Color{0, 0, 0, 255}));
}

TEST(OccupancyPixels, ShowTheRangeThatIsChosen) {
  Occupancy occupancy;
  occupancy.rows = 1;
  occupancy.positions = 100;
  occupancy.status.assign(100, SlotStatus::kept);
  occupancy.status[57] = SlotStatus::evicted_now;
  StatusColors colors{};
  colors[static_cast<std::size_t>(SlotStatus::evicted_now)] = plot::Color::hex(0xFF0000);
  const auto pixels = occupancy_pixels(occupancy, {55, 60}, 5, colors);
  ASSERT_EQ(pixels.size(), 5U);
  EXPECT_EQ(pixels[2], plot::Color::hex(0xFF0000));
  EXPECT_EQ(pixels[1], (plot::Color{0, 0, 0, 255}));
}

TEST(OccupancyPixels, AverageThePositionsUnderAPixel) {
  Occupancy occupancy;
  occupancy.rows = 1;
  occupancy.positions = 2;
  occupancy.status = {SlotStatus::kept, SlotStatus::evicted};
  StatusColors colors{};
  colors[static_cast<std::size_t>(SlotStatus::kept)] = plot::Color::hex(0x000064);
  EXPECT_EQ(occupancy_pixels(occupancy, {0, 2}, 1, colors).at(0), plot::Color::hex(0x000032));
}

TEST(TokenChips, AreHeldByAsManyTablesAsStoreThem) {
  InventedRun run({.layers = 4});
  History history;
  for (int step = 0; step < 200; ++step) history.append(run.step());
  const Occupancy occupancy = occupancy_at(history, 199, settings::Knobs());
  const int positions = static_cast<int>(history.tokens().size());
  std::size_t stored = 0;
  for (int position = 0; position < positions; ++position) {
    stored += static_cast<std::size_t>(holding_of(occupancy, position).tables);
  }
  EXPECT_EQ(stored, 4 * run.stored(0).size()) << "every table is at its capacity";
  EXPECT_EQ(holding_of(occupancy, 0).best, SlotStatus::sink);
  EXPECT_EQ(holding_of(occupancy, positions - 1).best, SlotStatus::recent);
  EXPECT_EQ(holding_of(occupancy, positions).tables, 0) << "it was not fed yet";
  EXPECT_TRUE(token_chip(history, TokenText(), 0).prompt);
  EXPECT_FALSE(token_chip(history, TokenText(), positions - 1).prompt);
}

TEST(TokenChips, KeepTheLeadingSpaceApartFromTheText) {
  History history;
  auto step = std::make_shared<record::StepRecord>();
  step->position = 1;
  step->tokens = {1, 2};
  step->layers.resize(1);
  history.append(step);
  const TokenText text([](int id) -> std::string_view { return id == 1 ? "In" : " it\n"; });
  const std::array chips = {token_chip(history, text, 0), token_chip(history, text, 1)};
  EXPECT_EQ(chips[0].text, "In");
  EXPECT_FALSE(chips[0].spaced);
  EXPECT_EQ(chips[1].text, "it⏎");
  EXPECT_TRUE(chips[1].spaced);
  EXPECT_TRUE(chips[1].ends_line);
}

}  // namespace
}  // namespace sketchscope::view
