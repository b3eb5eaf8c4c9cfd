#include "engine/model/model.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "engine/core/error.hpp"
#include "kernels/weight_panels.hpp"
#include "tests/kernels/reference/reference.hpp"
#include "tests/support/full_attention.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::model {
namespace {

using support::FullAttention;
using support::make_tiny_model;
using support::TinyModelOptions;

constexpr checkpoint::WeightDtype kDtypes[] = {
    checkpoint::WeightDtype::f32, checkpoint::WeightDtype::f16, checkpoint::WeightDtype::bf16,
    checkpoint::WeightDtype::int8};

std::vector<InputRow> rows_of(int count) {
  std::vector<InputRow> rows;
  for (int i = 0; i < count; ++i) {
    rows.push_back({(37 * i + 11) % 260, i});
  }
  return rows;
}

/// Logits (B, V) of rows fed in passes of `step` rows.
std::vector<float> run(const Model& model, std::span<const InputRow> rows, std::size_t step,
                       int threads) {
  const auto vocabulary = static_cast<std::size_t>(model.config().vocabulary);
  std::vector<float> logits(rows.size() * vocabulary);
  kernels::ThreadPool pool(threads);
  FullAttention attention(model.config());
  Activations activations;
  for (std::size_t first = 0; first < rows.size(); first += step) {
    const std::size_t count = std::min(step, rows.size() - first);
    model.forward(pool,
                  {.rows = rows.subspan(first, count),
                   .logits = std::span(logits).subspan(first * vocabulary, count * vocabulary)},
                  attention, activations);
  }
  return logits;
}

TEST(Model, GivesARowTheSameBitsHoweverManyRowsAndThreadsRunWithIt) {
  for (const checkpoint::WeightDtype dtype : kDtypes) {
    TinyModelOptions options = {.dtype = dtype};
    options.config.width = 21;
    options.config.heads = 3;
    options.config.kv_heads = 3;
    options.config.head_width = 7;
    options.config.inner_width = 29;
    const auto model = make_tiny_model(options);
    const std::vector<InputRow> rows = rows_of(19);
    const std::vector<float> alone = run(*model, rows, 1, 1);
    for (const std::size_t step : {2, 3, 7, 19}) {
      ASSERT_EQ(run(*model, rows, step, 1), alone) << step << " rows at once";
      ASSERT_EQ(run(*model, rows, step, 3), alone) << step << " rows at once, three threads";
    }
  }
}

TEST(Model, GivesTheLogitsOfTheLastRowAloneWhereThereIsRoomForOne) {
  const auto model = make_tiny_model();
  const std::vector<InputRow> rows = rows_of(5);
  const std::vector<float> all = run(*model, rows, 5, 1);
  std::vector<float> last(260);
  kernels::ThreadPool pool(1);
  FullAttention attention(model->config());
  Activations activations;
  model->forward(pool, {.rows = rows, .logits = last}, attention, activations);
  EXPECT_EQ(last, std::vector<float>(all.end() - 260, all.end()));
}

TEST(Model, RefusesTokensAndPositionsOutsideItsRange) {
  const auto model = make_tiny_model();
  kernels::ThreadPool pool(1);
  FullAttention attention(model->config());
  Activations activations;
  for (const InputRow row : {InputRow{260, 0}, InputRow{-1, 0}, InputRow{0, 64}, InputRow{0, -1}}) {
    EXPECT_THROW(model->forward(pool, {.rows = {&row, 1}}, attention, activations), core::Error);
  }
}

TEST(Model, RefusesRoomForLogitsThatFitsNoRow) {
  const auto model = make_tiny_model();
  kernels::ThreadPool pool(1);
  FullAttention attention(model->config());
  Activations activations;
  std::vector<float> logits(261);
  const std::vector<InputRow> rows = rows_of(2);
  EXPECT_THROW(model->forward(pool, {.rows = rows, .logits = logits}, attention, activations),
               core::Error);
}

TEST(Model, CountsItsWeightBytes) {
  // Layers of 12 C² + 13 C numbers, of which 12 C² in matrices; C = 16, V = 260, T = 64, L = 2. The
  // matrices lie in panels of 16 outputs, of which V takes 17.
  const std::size_t vocabulary = 17 * 16;
  const std::size_t matrices = 2 * 12 * 16 * 16 + vocabulary * 16;
  const std::size_t others = 2 * 13 * 16 + 64 * 16 + 2 * 16;
  EXPECT_EQ(make_tiny_model()->weight_bytes(), 4 * matrices + 4 * others);
  EXPECT_EQ(make_tiny_model({.dtype = checkpoint::WeightDtype::f16})->weight_bytes(),
            2 * matrices + 4 * others);
  // Codes lie in blocks of 32 inputs, which C inputs fill by half and F inputs wholly. Each output
  // has a scale: 9 C of a layer's matrices, and V.
  const std::size_t codes = 2 * ((48 + 16 + 64) * 32 + 16 * 64) + vocabulary * 32;
  const std::size_t scales = 2 * 9 * 16 + 260;
  EXPECT_EQ(make_tiny_model({.dtype = checkpoint::WeightDtype::int8})->weight_bytes(),
            codes + 4 * scales + 4 * others);
}

TEST(Activations, GrowWithTheRowsAndKeepTheirRoom) {
  const ModelConfig config = TinyModelOptions{}.config;
  Activations activations;
  activations.reserve(config, 3, 3);
  const std::size_t three_rows = activations.bytes();
  EXPECT_EQ(three_rows, 3 * (4 + 3) * 16 * sizeof(float) + 3 * 64 * sizeof(float));
  activations.reserve(config, 1, 1);
  EXPECT_EQ(activations.bytes(), three_rows);
  // Rows that wait for their turn keep nothing but their residual.
  activations.reserve(config, 5, 3);
  EXPECT_EQ(activations.bytes(), three_rows + 2 * 16 * sizeof(float));
}

}  // namespace
}  // namespace sketchscope::model
