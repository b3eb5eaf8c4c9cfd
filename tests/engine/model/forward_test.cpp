#include "engine/model/forward.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "engine/model/random_checkpoint.hpp"
#include "tests/support/full_attention.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::model {
namespace {

/// Query heads that share keys, and whose width is not C / H.
const ModelConfig kGrouped{.layers = 2,
                           .heads = 6,
                           .kv_heads = 2,
                           .width = 40,
                           .head_width = 5,
                           .inner_width = 28,
                           .vocabulary = 90,
                           .positions = 30};

/// Maps the columns of c_attn of an equivalent model, which has a copy of keys and values for every
/// query head, to the columns of the grouped model.
std::vector<std::size_t> columns_of_copies(const ModelConfig& grouped) {
  std::vector<std::size_t> columns;
  const auto add_head = [&](int first, int head) {
    for (int d = 0; d < grouped.head_width; ++d) {
      columns.push_back(static_cast<std::size_t>(first + head * grouped.head_width + d));
    }
  };
  for (int head = 0; head < grouped.heads; ++head) add_head(0, head);
  for (const int part : {0, 1}) {
    const int first = grouped.query_width() + part * grouped.kv_width();
    for (int head = 0; head < grouped.heads; ++head) add_head(first, grouped.kv_head_of(head));
  }
  return columns;
}

/// The rows of `tensor` with these columns.
void take_columns(checkpoint::CheckpointTensor& tensor, std::span<const std::size_t> columns,
                  checkpoint::Checkpoint& owner) {
  const auto old_width = static_cast<std::size_t>(tensor.shape.back());
  const auto* const old = reinterpret_cast<const float*>(tensor.bytes.data());
  const std::size_t rows = tensor.bytes.size() / sizeof(float) / old_width;
  auto values = std::make_shared<std::vector<float>>();
  for (std::size_t row = 0; row < rows; ++row) {
    for (const std::size_t column : columns) values->push_back(old[row * old_width + column]);
  }
  tensor.shape.back() = std::ssize(columns);
  tensor.bytes = std::as_bytes(std::span<const float>(*values));
  owner.owners.push_back(std::move(values));
}

checkpoint::Checkpoint with_copies(const ModelConfig& grouped, checkpoint::Checkpoint checkpoint) {
  const std::vector<std::size_t> columns = columns_of_copies(grouped);
  for (auto& [name, tensor] : checkpoint.tensors) {
    if (name.find("c_attn") != std::string::npos) take_columns(tensor, columns, checkpoint);
  }
  return checkpoint;
}

std::vector<float> first_logits(const Model& model, int tokens) {
  kernels::ThreadPool pool(2);
  support::FullAttention attention(model.config());
  Activations activations;
  std::vector<InputRow> rows;
  for (int i = 0; i < tokens; ++i) rows.push_back({i * 7 % model.config().vocabulary, i});
  std::vector<float> logits(rows.size() * static_cast<std::size_t>(model.config().vocabulary));
  model.forward(pool, {.rows = rows, .logits = logits}, attention, activations);
  return logits;
}

TEST(Forward, GivesHeadsThatShareKeysTheLogitsOfHeadsWithCopiesOfThem) {
  // Both fused products have a multiple of four outputs: the last outputs of a number that is none
  // are summed in another order.
  ModelConfig grouped = kGrouped;
  grouped.head_width = 6;
  ModelConfig copied = grouped;
  copied.kv_heads = copied.heads;
  for (const checkpoint::WeightDtype dtype :
       {checkpoint::WeightDtype::f32, checkpoint::WeightDtype::f16,
        checkpoint::WeightDtype::int8}) {
    const Model shared(grouped, random_checkpoint(grouped, 4), dtype);
    const Model separate(copied, with_copies(grouped, random_checkpoint(grouped, 4)), dtype);
    EXPECT_EQ(first_logits(shared, 20), first_logits(separate, 20));
    EXPECT_LT(shared.weight_bytes(), separate.weight_bytes());
  }
}

TEST(Forward, HandsAttentionTheColumnsOfTheFusedProduct) {
  std::vector<float> qkv(3 * static_cast<std::size_t>(kGrouped.qkv_width()));
  for (std::size_t i = 0; i < qkv.size(); ++i) qkv[i] = static_cast<float>(i);
  const AttentionInput input = attention_input(kGrouped, qkv);
  EXPECT_EQ(input.query.row(2).size(), 30U);
  EXPECT_EQ(input.key.row(2).size(), 10U);
  EXPECT_EQ(input.value.row(2).size(), 10U);
  EXPECT_EQ(input.query.row(1).front(), 50.0F);
  EXPECT_EQ(input.key.row(1).front(), 50.0F + 30.0F);
  EXPECT_EQ(input.value.row(2).back(), 149.0F);
}

TEST(ModelConfig, CountsWhatATokenAddsToACacheByItsKeyHeads) {
  EXPECT_EQ(kGrouped.kv_floats_per_token(), 2U * 2 * 2 * 5);
  EXPECT_EQ(ModelConfig().kv_floats_per_token(), 2U * 12 * 768);
}

}  // namespace
}  // namespace sketchscope::model
