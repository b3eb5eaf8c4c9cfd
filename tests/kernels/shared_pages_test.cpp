#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "kernels/attention.hpp"
#include "tests/kernels/random_table.hpp"

namespace sketchscope::kernels {
namespace {

/// Lanes that were forked from one another at some page, with a list of slots here and there.
struct Forks {
  Forks(KvFormat format, int lanes, int heads, int width, int kv_heads, int full_pages = 5)
      : shape{16 * full_pages + 3, heads, width, kv_heads} {
    tables.reserve(static_cast<std::size_t>(lanes));
    for (int lane = 0; lane < lanes; ++lane) {
      tables.emplace_back(static_cast<unsigned>(lane), shape, 1.0F, format);
      const auto own = tables.back().input().pages;
      pages.emplace_back(own.begin(), own.end());
      const int shared =
          lane * 7 % (full_pages + 1);  // none of the first lane's pages to all full ones
      if (lane > 0) std::copy_n(pages.front().begin(), shared, pages.back().begin());
    }
    for (std::size_t lane = 0; lane < tables.size(); ++lane) {
      inputs.push_back(tables[lane].input());
      inputs.back().pages = pages[lane];
      inputs.back().stored -= static_cast<int>(lane % 3);
      if (lane % 7 == 5) inputs.back().slots = some_slots;
    }
  }

  static constexpr int some_slots[] = {0, 3, 17, 40};
  TableShape shape;
  std::vector<RandomTable> tables;
  std::vector<std::vector<PageView>> pages;
  std::vector<DecodeAttention> inputs;
};

void expect_lanes_alike_alone_and_together(const Forks& forks) {
  ThreadPool pool(2);
  std::vector<Outputs> outputs;
  std::vector<AttentionResult> results;
  outputs.reserve(forks.inputs.size());
  for (const DecodeAttention& input : forks.inputs) {
    outputs.emplace_back(TableShape{input.stored, input.heads, input.head_width});
    results.push_back(outputs.back().result());
  }
  decode_attention(pool, forks.inputs, results);
  for (std::size_t lane = 0; lane < forks.inputs.size(); ++lane) {
    SCOPED_TRACE(::testing::Message() << "lane " << lane);
    const DecodeAttention& input = forks.inputs[lane];
    Outputs alone(TableShape{input.stored, input.heads, input.head_width});
    decode_attention(input, alone.result());
    EXPECT_TRUE(all_equal(outputs[lane].output.values(), alone.output.values()));
    EXPECT_TRUE(all_equal(outputs[lane].mass.values(), alone.mass.values()));
    EXPECT_TRUE(all_equal(outputs[lane].log_sum_exp.values(), alone.log_sum_exp.values()));
    EXPECT_TRUE(outputs[lane].guards_intact());
  }
}

TEST(SharedPages, GiveLanesTheBitsThatTheyHaveAlone) {
  for (const KvFormat format : {KvFormat::f32, KvFormat::f16, KvFormat::int8, KvFormat::int4}) {
    for (const int width : {4, 24, 64, 300}) {
      for (const auto& [heads, kv_heads] : {std::pair(2, 2), {6, 2}, {20, 1}}) {
        SCOPED_TRACE(::testing::Message() << heads << " on " << kv_heads << " heads of " << width
                                          << ", format " << static_cast<int>(format));
        expect_lanes_alike_alone_and_together({format, 40, heads, width, kv_heads});
      }
    }
  }
}

TEST(SharedPages, OfLongTablesGiveLanesTheBitsThatTheyHaveAlone) {
  for (const KvFormat format : {KvFormat::f32, KvFormat::int4}) {
    for (const int full_pages : {16, 32, 70}) {
      SCOPED_TRACE(::testing::Message() << full_pages << " pages");
      expect_lanes_alike_alone_and_together({format, 9, 6, 24, 2, full_pages});
    }
  }
}

}  // namespace
}  // namespace sketchscope::kernels
