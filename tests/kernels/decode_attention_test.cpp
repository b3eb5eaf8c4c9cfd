#include "kernels/attention.hpp"

#include <cmath>
#include <numeric>

#include "kernels/kernel_error.hpp"
#include "tests/kernels/random_table.hpp"
#include "tests/kernels/reference/reference.hpp"

namespace sketchscope::kernels {
namespace {

class DecodeAttentionOnEveryImplementation : public EveryImplementation {};

TEST_P(DecodeAttentionOnEveryImplementation, MatchesTheReference) {
  // Longer tables are read in parts.
  for (const int stored : {1, 2, 15, 16, 17, 32, 100, 256, 257, 333, 1700}) {
    for (const int width : {1, 3, 8, 20, 64, 65, 80, 136}) {
      for (const int heads : {1, 3}) {
        for (const float reach : {1.0F, 8.0F}) {
          SCOPED_TRACE(::testing::Message() << stored << " slots, " << heads << " heads of "
                                            << width << ", up to " << reach);
          const TableShape shape{stored, heads, width};
          const RandomTable table(21, shape, reach);
          Outputs found(shape);
          GetParam().decode_attention(table.input(), found.result());
          Outputs expected(shape);
          reference::decode_attention(table.input(), expected.result());
          // Scores reach 64·√D; their rounding is the relative error of a probability.
          const double score_error = 2e-7 * reach * reach * std::sqrt(width) + 1e-6;
          EXPECT_TRUE(all_close(found.output.values(), expected.output.values(),
                                {.absolute = 2.0 * score_error}));
          EXPECT_TRUE(all_close(found.mass.values(), expected.mass.values(),
                                {.absolute = 1e-7, .relative = 4.0 * score_error}));
          EXPECT_TRUE(all_close(found.log_sum_exp.values(), expected.log_sum_exp.values(),
                                {.absolute = score_error, .relative = 1e-6}));
          EXPECT_TRUE(found.guards_intact());
        }
      }
    }
  }
}

TEST_P(DecodeAttentionOnEveryImplementation, ReadsEveryStoredFormatAsTheReferenceDoes) {
  for (const KvFormat format : {KvFormat::f16, KvFormat::int8, KvFormat::int4}) {
    for (const int width : {2, 8, 20, 30, 32, 64, 80}) {
      for (const int stored : {1, 16, 17, 100}) {
        SCOPED_TRACE(::testing::Message() << "format " << static_cast<int>(format) << ", " << stored
                                          << " slots of width " << width);
        const TableShape shape{stored, 3, width};
        const RandomTable table(5, shape, 2.0F, format);
        Outputs found(shape);
        GetParam().decode_attention(table.input(), found.result());
        Outputs expected(shape);
        reference::decode_attention(table.input(), expected.result());
        const double score_error = 8e-7 * std::sqrt(width) + 1e-6;
        EXPECT_TRUE(all_close(found.output.values(), expected.output.values(),
                              {.absolute = 2.0 * score_error}));
        EXPECT_TRUE(all_close(found.mass.values(), expected.mass.values(),
                              {.absolute = 1e-7, .relative = 4.0 * score_error}));
        EXPECT_TRUE(found.guards_intact());
      }
    }
  }
}

/// Expects an implementation to read the listed slots of a table as the reference does.
void expect_reference_of_list(const Implementation& implementation, const RandomTable& table,
                              const TableShape& shape, const std::vector<int>& slots) {
  DecodeAttention input = table.input();
  input.slots = slots;
  Outputs found(shape);
  implementation.decode_attention(input, found.result());
  Outputs expected(shape);
  reference::decode_attention(input, expected.result());
  EXPECT_TRUE(all_close(found.output.values(), expected.output.values(), {.absolute = 1e-5}));
  EXPECT_TRUE(all_close(found.mass.values(), expected.mass.values(), {.absolute = 1e-5}));
  EXPECT_TRUE(
      all_close(found.log_sum_exp.values(), expected.log_sum_exp.values(), {.absolute = 1e-5}));
  EXPECT_TRUE(found.guards_intact());
}

TEST_P(DecodeAttentionOnEveryImplementation, ReadsTheListedSlotsAlone) {
  const TableShape shape{100, 2, 24};
  for (const KvFormat format : {KvFormat::f32, KvFormat::int8, KvFormat::int4}) {
    const RandomTable table(9, shape, 2.0F, format);
    for (const std::vector<int>& slots :
         {std::vector{0}, std::vector{99}, std::vector{15, 16}, std::vector{3, 7, 8, 40, 41, 97}}) {
      expect_reference_of_list(GetParam(), table, shape, slots);
    }
  }
}

TEST_P(DecodeAttentionOnEveryImplementation, ReadsAListOfAllSlotsAsNoList) {
  const TableShape shape{37, 2, 24};
  const RandomTable table(9, shape);
  Outputs all(shape);
  GetParam().decode_attention(table.input(), all.result());
  std::vector<int> slots(37);
  std::iota(slots.begin(), slots.end(), 0);
  auto input = table.input();
  input.slots = slots;
  Outputs listed(shape);
  GetParam().decode_attention(input, listed.result());
  EXPECT_TRUE(all_equal(listed.output.values(), all.output.values()));
  EXPECT_TRUE(all_equal(listed.mass.values(), all.mass.values()));
  EXPECT_TRUE(all_equal(listed.log_sum_exp.values(), all.log_sum_exp.values()));
}

TEST_P(DecodeAttentionOnEveryImplementation, RefusesSlotsThatAreNotStoredOrNotAscending) {
  const TableShape shape{20, 1, 4};
  const RandomTable table(1, shape);
  for (const std::vector<int>& slots :
       {std::vector{20}, std::vector{-1, 3}, std::vector{4, 4}, std::vector{5, 2}}) {
    auto input = table.input();
    input.slots = slots;
    std::vector<float> output(4);
    EXPECT_THROW(GetParam().decode_attention(input, {.output = output}), KernelError);
  }
}

TEST_P(DecodeAttentionOnEveryImplementation, RefusesInt4WithAnOddHeadWidth) {
  const RandomTable table(1, {16, 1, 5});
  auto input = table.input();
  input.format = KvFormat::int4;
  std::vector<float> output(5);
  EXPECT_THROW(GetParam().decode_attention(input, {.output = output}), KernelError);
}

TEST_P(DecodeAttentionOnEveryImplementation, GivesZeroForAnEmptyTable) {
  const TableShape shape{0, 2, 5};
  const RandomTable table(1, shape);
  Outputs found(shape);
  GetParam().decode_attention(table.input(), found.result());
  EXPECT_THAT(found.output.values(), ::testing::Each(0.0F));
  EXPECT_THAT(found.log_sum_exp.values(), ::testing::Each(-INFINITY));
  EXPECT_TRUE(found.guards_intact());
}

TEST_P(DecodeAttentionOnEveryImplementation, ReturnsTheOnlyValueOfATableOfOne) {
  const TableShape shape{1, 2, 13};
  const RandomTable table(1, shape);
  Outputs found(shape);
  GetParam().decode_attention(table.input(), found.result());
  EXPECT_TRUE(all_equal(found.output.values().first(13), table.value(0, 0)));
  EXPECT_TRUE(all_equal(found.output.values().last(13), table.value(0, 1)));
  EXPECT_THAT(found.mass.values(), ::testing::Each(1.0F));
}

TEST_P(DecodeAttentionOnEveryImplementation, GivesTheSameOutputWhenNoMassIsWanted) {
  const TableShape shape{37, 2, 24};
  const RandomTable table(4, shape);
  Outputs with_mass(shape);
  GetParam().decode_attention(table.input(), with_mass.result());
  std::vector<float> output(2 * 24);
  GetParam().decode_attention(table.input(), {.output = output});
  EXPECT_TRUE(all_equal(output, with_mass.output.values()));
}

TEST_P(DecodeAttentionOnEveryImplementation, StaysFiniteWhereScoresAreHuge) {
  const TableShape shape{40, 1, 64};
  const RandomTable table(4, shape, 1000.0F);
  Outputs found(shape);
  GetParam().decode_attention(table.input(), found.result());
  double mass = 0.0;
  for (const float m : found.mass.values()) mass += m;
  EXPECT_NEAR(mass, 1.0, 1e-5);
  EXPECT_THAT(found.output.values(),
              ::testing::Each(::testing::Truly([](float x) { return std::isfinite(x); })));
}

TEST_P(DecodeAttentionOnEveryImplementation, RefusesTooFewPages) {
  const RandomTable table(1, {16, 1, 4});
  auto input = table.input();
  input.stored = 17;
  std::vector<float> output(4);
  EXPECT_THROW(GetParam().decode_attention(input, {.output = output}), KernelError);
}

/// Rotations of some positions, as rotate() takes them and as attention does.
struct PositionRotations {
  PositionRotations(int count, int pairs, int width) {
    for (int position = 0; position < count; ++position) {
      std::vector<float> cosine, sine;
      for (int i = 0; i < pairs; ++i) {
        cosine.push_back(std::cos(0.7F * static_cast<float>(position * (i + 1))));
        sine.push_back(std::sin(0.7F * static_cast<float>(position * (i + 1))));
      }
      for (int d = 0; d < width; ++d) wide.push_back(d < 2 * pairs ? cosine[d % pairs] : 1.0F);
      for (int d = 0; d < width; ++d) {
        wide.push_back(d < pairs ? -sine[d] : d < 2 * pairs ? sine[d - pairs] : 0.0F);
      }
      cosines.push_back(std::move(cosine));
      sines.push_back(std::move(sine));
    }
  }
  std::vector<std::vector<float>> cosines, sines;
  std::vector<float> wide;  // (n, 2, D)
};

/// Pages in f32 with the keys of `input` decoded and rotated, and its values decoded.
class RotatedPages {
 public:
  RotatedPages(const DecodeAttention& input, std::span<const int> ranks,
               const PositionRotations& rotations, const cpu::KernelSet& kernels) {
    const std::size_t page = static_cast<std::size_t>(input.kv_heads) * kSlotsPerPage;
    const std::size_t bytes = kv_vector_bytes(input.format, input.head_width);
    const auto width = static_cast<std::size_t>(input.head_width);
    keys_.resize(input.pages.size() * page * width);
    values_.resize(keys_.size());
    for (std::size_t at = 0; at < input.pages.size() * page; ++at) {
      const PageView& from = input.pages[at / page];
      const auto rank =
          ranks[std::min(at / page * kSlotsPerPage + at % kSlotsPerPage, ranks.size() - 1)];
      const auto decode = [&](const void* half, std::vector<float>& to) {
        const auto vector = std::span(to).subspan(at * width, width);
        decode_kv({.format = input.format, .width = input.head_width, .count = 1, .stride = bytes},
                  {static_cast<const std::byte*>(half) + at % page * bytes, bytes}, vector,
                  kernels);
        return vector;
      };
      rotate({.cosine = rotations.cosines[rank], .sine = rotations.sines[rank]}, input.head_width,
             decode(from.keys, keys_), kernels);
      decode(from.values, values_);
    }
    for (std::size_t start = 0; start < keys_.size(); start += page * width) {
      pages_.push_back({keys_.data() + start, values_.data() + start});
    }
  }
  [[nodiscard]] std::span<const PageView> pages() const { return pages_; }

 private:
  std::vector<float> keys_, values_;
  std::vector<PageView> pages_;
};

void expect_rotated_while_read(const cpu::KernelSet& kernels) {
  for (const KvFormat format : {KvFormat::f32, KvFormat::f16, KvFormat::int8, KvFormat::int4}) {
    for (const auto& [width, pairs] :
         {std::pair{8, 4}, {64, 32}, {80, 40}, {20, 10}, {64, 8}, {128, 64}, {6, 3}, {2, 1}}) {
      SCOPED_TRACE(::testing::Message() << "format " << static_cast<int>(format) << ", " << pairs
                                        << " pairs of width " << width);
      const TableShape shape{.stored = 37, .heads = 6, .width = width, .kv_heads = 2};
      const RandomTable table(3, shape, 2.0F, format);
      const PositionRotations rotations(37, pairs, width);
      std::vector<int> ranks(37);
      for (int slot = 0; slot < 37; ++slot) ranks[slot] = (slot * 11 + 5) % 37;
      for (const std::vector<int>& slots : {std::vector<int>{}, {0, 3, 15, 16, 30, 36}}) {
        DecodeAttention before = table.input();
        before.slots = slots;
        const RotatedPages rotated(before, ranks, rotations, kernels);
        before.pages = rotated.pages();
        before.format = KvFormat::f32;
        Outputs expected(shape);
        decode_attention(before, expected.result(), kernels);
        DecodeAttention while_read = table.input();
        while_read.slots = slots;
        while_read.rotations = {.ranks = ranks, .rotations = rotations.wide, .pairs = pairs};
        Outputs found(shape);
        decode_attention(while_read, found.result(), kernels);
        if (format == KvFormat::f32) {
          EXPECT_TRUE(all_equal(found.output.values(), expected.output.values()));
          EXPECT_TRUE(all_equal(found.mass.values(), expected.mass.values()));
        }
        EXPECT_TRUE(all_close(found.output.values(), expected.output.values(), {.absolute = 1e-5}));
        EXPECT_TRUE(all_close(found.mass.values(), expected.mass.values(), {.absolute = 1e-6}));
        EXPECT_TRUE(found.guards_intact());
      }
    }
  }
}

TEST(DecodeAttention, RotatesKeysWhileItReadsThemAsRotatingThemBeforeDoes) {
  for (const cpu::InstructionSet set : cpu::supported_instruction_sets()) {
    SCOPED_TRACE(cpu::name_of(set));
    expect_rotated_while_read(cpu::kernels_for(set));
  }
}

TEST(DecodeAttention, RefusesRotationsThatDoNotFit) {
  const RandomTable table(1, {20, 1, 8});
  const PositionRotations rotations(20, 4, 8);
  std::vector<float> output(8);
  const auto refuses = [&](const std::vector<int>& ranks, int pairs) {
    DecodeAttention input = table.input();
    input.rotations = {.ranks = ranks, .rotations = rotations.wide, .pairs = pairs};
    EXPECT_THROW(decode_attention(input, {.output = output}), KernelError);
  };
  refuses(std::vector<int>(19), 4);
  refuses(std::vector<int>(20, 20), 4);
  refuses(std::vector<int>(20, -1), 4);
  refuses(std::vector<int>(20), 5);
}

INSTANTIATE_TEST_SUITE_P(Implementations, DecodeAttentionOnEveryImplementation,
                         ::testing::ValuesIn(all_implementations()), name_of_implementation);

TEST(DecodeAttention, GivesALaneTheSameBitsBesideOthersOnAnyNumberOfThreads) {
  const TableShape shapes[] = {{5, 4, 24},  {0, 4, 24},   {70, 4, 24},
                               {16, 4, 24}, {257, 4, 24}, {2100, 4, 24}};
  std::vector<RandomTable> tables;
  tables.reserve(std::size(shapes));
  for (unsigned i = 0; i < std::size(shapes); ++i) tables.emplace_back(i, shapes[i]);
  for (int threads = 1; threads <= 4; ++threads) {
    ThreadPool pool(threads);
    std::vector<Outputs> outputs(std::begin(shapes), std::end(shapes));
    std::vector<DecodeAttention> inputs;
    std::vector<AttentionResult> results;
    for (std::size_t i = 0; i < tables.size(); ++i) {
      inputs.push_back(tables[i].input());
      results.push_back(outputs[i].result());
    }
    decode_attention(pool, inputs, results);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      SCOPED_TRACE(::testing::Message() << "lane " << i << " on " << threads << " threads");
      Outputs alone(shapes[i]);
      decode_attention(inputs[i], alone.result());
      EXPECT_TRUE(all_equal(outputs[i].output.values(), alone.output.values()));
      EXPECT_TRUE(all_equal(outputs[i].mass.values(), alone.mass.values()));
      EXPECT_TRUE(all_equal(outputs[i].log_sum_exp.values(), alone.log_sum_exp.values()));
      EXPECT_TRUE(outputs[i].guards_intact());
    }
  }
}

TEST_P(DecodeAttentionOnEveryImplementation, LeavesOutThePartsOfALongTableThatAListHasNothingOf) {
  const TableShape shape{2000, 2, 20};
  const RandomTable table(9, shape);
  for (const std::vector<int>& slots :
       {std::vector{3, 40}, {600, 601}, {1999}, {0, 511, 512, 1023, 1999}}) {
    expect_reference_of_list(GetParam(), table, shape, slots);
  }
}

}  // namespace
}  // namespace sketchscope::kernels
