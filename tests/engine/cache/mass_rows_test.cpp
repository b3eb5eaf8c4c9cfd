#include "engine/cache/mass_rows.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "engine/core/random.hpp"

namespace sketchscope::cache {
namespace {

/// Rows as lists: the mass of each slot under each query, latest last.
struct Listed {
  std::vector<std::deque<double>> slots;
  int queries = 0;  // of which the mass is still known

  [[nodiscard]] double mean(std::size_t slot, int window) const {
    const int known = std::min(window, queries);
    double sum = 0;
    for (int back = 1; back <= known && back <= std::ssize(slots[slot]); ++back) {
      sum += slots[slot][slots[slot].size() - static_cast<std::size_t>(back)];
    }
    return known > 0 ? sum / known : 0;
  }
};

void expect_same(const MassRows& rows, const Listed& listed) {
  for (std::size_t slot = 0; slot < listed.slots.size(); ++slot) {
    ASSERT_NEAR(rows.mean(static_cast<int>(slot)), listed.mean(slot, rows.rows()), 1e-6);
  }
}

class RandomRows {
 public:
  RandomRows(std::uint64_t seed, int window) : random_(seed), rows_(window) {}

  /// Lets a slot come or go, or a query pass, and compares.
  void step() {
    const std::uint64_t kind = random_.below(6);
    if (kind == 0 || listed_.slots.empty()) admit();
    if (kind == 1 && listed_.slots.size() > 1) remove();
    if (kind == 2 && listed_.slots.size() > 2) keep();
    if (kind == 3 && random_.below(8) == 0) resize();
    if (kind > 3) observe();
    expect_same(rows_, listed_);
  }

 private:
  int next(std::uint64_t below) { return static_cast<int>(random_.below(below)); }

  void admit() {
    // The next free slot, or one that is taken over.
    const auto slot = static_cast<std::size_t>(random_.below(listed_.slots.size() + 1));
    listed_.slots.resize(std::max(listed_.slots.size(), slot + 1));
    listed_.slots[slot].clear();
    rows_.admit(static_cast<int>(slot));
  }
  void remove() {
    const auto slot = static_cast<std::size_t>(random_.below(listed_.slots.size()));
    listed_.slots[slot] = listed_.slots.back();
    listed_.slots.pop_back();
    rows_.remove(static_cast<int>(slot));
  }
  void keep() {
    const std::vector<int> origin = {static_cast<int>(listed_.slots.size()) - 1, 0};
    listed_.slots = {listed_.slots.back(), listed_.slots.front()};
    rows_.keep(origin);
  }
  void resize() {
    rows_ = rows_.resized(1 + next(9));
    // A shorter window forgets, and a longer one later does not bring it back.
    listed_.queries = std::min(listed_.queries, rows_.rows());
  }
  void observe() {
    std::vector<float> mass;
    for (std::deque<double>& of_slot : listed_.slots) {
      mass.push_back(static_cast<float>(random_.uniform()));
      of_slot.push_back(mass.back());
    }
    rows_.observe(mass);
    listed_.queries = std::min(listed_.queries + 1, rows_.rows());
  }

  core::SplitMix64 random_;
  MassRows rows_;
  Listed listed_;
};

TEST(MassRows, KeepTheMeanOverTheLastQueriesWhateverComesAndGoes) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    RandomRows run(seed, 1 + static_cast<int>(seed % 7));
    for (int step = 0; step < 120; ++step) run.step();
  }
}

TEST(MassRows, TakeFourBytesForEveryRowOfASlot) {
  MassRows rows(8);
  for (int slot = 0; slot < 5; ++slot) rows.admit(slot);
  EXPECT_EQ(rows.bytes(), 5U * 8 * 4);
  rows.remove(2);
  EXPECT_EQ(rows.bytes(), 4U * 8 * 4);
}

TEST(MassRows, AreZeroBeforeAnyQuery) {
  MassRows rows(3);
  rows.admit(0);
  EXPECT_EQ(rows.mean(0), 0.0F);
  EXPECT_EQ(rows.known(), 0);
}

TEST(MassRows, OfNoQueriesTakeNothing) {
  MassRows rows;
  rows.admit(0);
  rows.observe(std::vector<float>{1.0F});
  rows.remove(0);
  EXPECT_EQ(rows.bytes(), 0U);
}

}  // namespace
}  // namespace sketchscope::cache
