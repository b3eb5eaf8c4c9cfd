#include "kernels/kernel_error.hpp"
#include "tests/kernels/random_table.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

class SharedKeysOnEveryImplementation : public EveryImplementation {};

/// Shapes whose query heads share key/value heads: few and many to each, beside others or alone.
std::vector<TableShape> grouped_shapes() {
  std::vector<TableShape> shapes;
  for (const int stored : {1, 16, 17, 100}) {
    for (const int width : {1, 20, 65}) {
      for (const auto& [heads, kv_heads] : {std::pair(2, 1), {6, 2}, {9, 3}, {20, 1}, {36, 2}}) {
        shapes.push_back({stored, heads, width, kv_heads});
      }
    }
  }
  return shapes;
}

TEST_P(SharedKeysOnEveryImplementation, MatchTheReference) {
  for (const TableShape& shape : grouped_shapes()) {
    SCOPED_TRACE(::testing::Message() << shape.stored << " slots, " << shape.heads << " on "
                                      << shape.kv_heads << " heads of " << shape.width);
    const RandomTable table(23, shape, 2.0F);
    Outputs found(shape);
    GetParam().decode_attention(table.input(), found.result());
    Outputs expected(shape);
    reference::decode_attention(table.input(), expected.result());
    const double score_error = 8e-7 * std::sqrt(shape.width) + 1e-6;
    EXPECT_TRUE(all_close(found.output.values(), expected.output.values(),
                          {.absolute = 2.0 * score_error}));
    EXPECT_TRUE(all_close(found.mass.values(), expected.mass.values(),
                          {.absolute = 1e-7, .relative = 4.0 * score_error}));
    EXPECT_TRUE(all_close(found.log_sum_exp.values(), expected.log_sum_exp.values(),
                          {.absolute = score_error, .relative = 1e-6}));
    EXPECT_TRUE(found.guards_intact());
  }
}

TEST_P(SharedKeysOnEveryImplementation, GiveAHeadTheBitsThatItHasAlone) {
  const std::vector<int> some{0, 3, 15, 16, 40};
  for (const KvFormat format : {KvFormat::f32, KvFormat::f16, KvFormat::int8, KvFormat::int4}) {
    for (const std::span<const int> slots : {std::span<const int>(), std::span<const int>(some)}) {
      const TableShape shape{50, 38, 6, 2};
      const RandomTable table(3, shape, 2.0F, format);
      DecodeAttention input = table.input();
      input.slots = slots;
      Outputs together(shape);
      GetParam().decode_attention(input, together.result());
      for (const int head : {0, 7, 18, 19, 37}) {
        // Both key/value heads get the same query, which reads one of them.
        const auto query = input.query.subspan(static_cast<std::size_t>(head * 6), 6);
        std::vector<float> twice(query.begin(), query.end());
        twice.insert(twice.end(), query.begin(), query.end());
        DecodeAttention alone = input;
        alone.heads = 2;
        alone.query = twice;
        Outputs expected(TableShape{50, 2, 6});
        GetParam().decode_attention(alone, expected.result());
        const auto of = [&](Guarded& values, int index, std::size_t count) {
          return values.values().subspan(static_cast<std::size_t>(index) * count, count);
        };
        const int kv_head = head / 19;
        EXPECT_TRUE(all_equal(of(together.output, head, 6), of(expected.output, kv_head, 6)));
        EXPECT_TRUE(all_equal(of(together.mass, head, 50), of(expected.mass, kv_head, 50)));
        EXPECT_TRUE(
            all_equal(of(together.log_sum_exp, head, 1), of(expected.log_sum_exp, kv_head, 1)));
      }
    }
  }
}

TEST_P(SharedKeysOnEveryImplementation, AreRefusedWhereHeadsCannotShareThemEvenly) {
  const RandomTable table(1, {20, 6, 4});
  for (const int kv_heads : {0, 4, 5, 12}) {
    auto input = table.input();
    input.kv_heads = kv_heads;
    std::vector<float> output(6 * 4);
    EXPECT_THROW(GetParam().decode_attention(input, {.output = output}), KernelError);
  }
}

INSTANTIATE_TEST_SUITE_P(Implementations, SharedKeysOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

}  // namespace
}  // namespace sketchscope::kernels
