#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/checkpoint/gguf_file.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "engine/model/model_directory.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/whole_text.hpp"

namespace sketchscope::model {
namespace {

using checkpoint::WeightDtype;
using ::testing::HasSubstr;

std::filesystem::path gguf_folder() {
  return std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "tests/golden/gguf";
}

/// Tokens and what a dense pass over the dequantised numbers of a file gives for them, written by
/// scripts/make_golden_gguf.py.
struct GgufGolden {
  std::vector<int> tokens;
  std::vector<int> greedy;
  std::vector<std::size_t> rows;           // that `logits` holds
  std::vector<std::vector<float>> logits;  // (rows, V)
};

GgufGolden read_gguf_golden(const std::string& name) {
  const nlohmann::json json = core::read_json_object(gguf_folder() / (name + ".json"));
  return {.tokens = json.at("tokens"),
          .greedy = json.at("greedy"),
          .rows = json.at("rows"),
          .logits = json.at("logits")};
}

std::vector<std::string> gguf_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(gguf_folder())) {
    if (entry.path().extension() == ".gguf") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

LoadedModel open_gguf(const std::string& name, WeightDtype dtype) {
  return open_model(gguf_folder() / (name + ".gguf"), dtype);
}

float largest_difference(const LoadedModel& loaded, const GgufGolden& golden) {
  const std::vector<float> logits = support::logits_of(*loaded.model, golden.tokens);
  float largest = 0;
  for (std::size_t i = 0; i < golden.rows.size(); ++i) {
    const std::vector<float>& expected = golden.logits[i];
    const auto found = std::span(logits).subspan(golden.rows[i] * expected.size(), expected.size());
    largest = std::max(largest, support::relative_difference(found, expected));
  }
  return largest;
}

class GgufCase : public ::testing::TestWithParam<std::string> {
 protected:
  const GgufGolden golden_ = read_gguf_golden(GetParam());
};

TEST_P(GgufCase, HasTheLogitsOfADensePassOverItsNumbers) {
  const LoadedModel loaded = open_gguf(GetParam(), WeightDtype::f32);
  EXPECT_LE(largest_difference(loaded, golden_), 2e-5F);
  EXPECT_EQ(support::greedy_continuation(*loaded.model, golden_.tokens, golden_.greedy.size()),
            golden_.greedy);
}

TEST_P(GgufCase, StaysCloseToThemInEveryTypeOfWeights) {
  EXPECT_LE(largest_difference(open_gguf(GetParam(), WeightDtype::f16), golden_), 5e-3F);
  EXPECT_LE(largest_difference(open_gguf(GetParam(), WeightDtype::bf16), golden_), 0.1F);
  EXPECT_LE(largest_difference(open_gguf(GetParam(), WeightDtype::int8), golden_), 0.2F);
}

TEST_P(GgufCase, StaysCloseToThemInTheBlocksOfTheFile) {
  const LoadedModel loaded = open_gguf(GetParam(), WeightDtype::as_stored);
  EXPECT_LE(largest_difference(loaded, golden_), 5e-3F);
  const auto type = core::value_named<kernels::WeightType>(loaded.model->dtype_name());
  ASSERT_TRUE(type);
  if (kernels::in_blocks(*type)) {
    EXPECT_LE(largest_difference(loaded, golden_), 1e-3F) << "inputs keep 16 bits";
  }
}

INSTANTIATE_TEST_SUITE_P(Files, GgufCase, ::testing::ValuesIn(gguf_names()),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(GgufModels, CoverEveryTypeThatIsRead) {
  std::set<std::string> types;
  for (const std::string& name : gguf_names()) {
    const auto file = checkpoint::GgufFile::open(gguf_folder() / (name + ".gguf"));
    for (const auto& [tensor, entry] : file.tensors()) types.insert(entry.type_name);
  }
  std::string read;
  for (const char* const type :
       {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"}) {
    EXPECT_TRUE(types.contains(type)) << type;
    read += (read.empty() ? "" : ", ") + std::string(type);
  }
  EXPECT_EQ(checkpoint::gguf_type_names(), read);
}

TEST(GgufModels, AreHeldAsStoredButInF16WhereTheirBlocksDoNotRun) {
  const auto dtype = [](const char* name, WeightDtype wanted) {
    return open_gguf(name, wanted).model->dtype_name();
  };
  EXPECT_EQ(dtype("llama-q8_0", WeightDtype::as_stored), "q8_0");
  EXPECT_EQ(dtype("llama-q4_0-biases", WeightDtype::as_stored), "q4_0");
  EXPECT_EQ(dtype("llama-q4_1", WeightDtype::as_stored), "q4_1");
  EXPECT_EQ(dtype("llama-q5_0", WeightDtype::as_stored), "f16");
  EXPECT_EQ(dtype("llama-k", WeightDtype::as_stored), "f16");
  EXPECT_EQ(dtype("llama-f32-factors", WeightDtype::as_stored), "f32");
  EXPECT_EQ(dtype("llama-f16-linear", WeightDtype::as_stored), "f16");
  EXPECT_EQ(dtype("llama-bf16-yarn", WeightDtype::as_stored), "bf16");
  EXPECT_EQ(dtype("llama-q4_1", WeightDtype::f32), "f32");
  EXPECT_EQ(dtype("llama-q4_1", WeightDtype::int8), "int8");
}

TEST(GgufModels, TakeTheBytesOfTheirBlocks) {
  // 64 rows of queries, keys and values, 32 of the output, 96 of the inner layer in two blocks, of
  // 32 numbers each; embedding of 40 rows, padded to 48, in Q8_0; five norms of 32 numbers.
  constexpr std::size_t kRowsOfQ4 = 2 * (64 + 32 + 64 + 32);
  const auto loaded = open_gguf("llama-q4_1", WeightDtype::as_stored);
  EXPECT_EQ(loaded.model->weight_bytes(), kRowsOfQ4 * 20 + 48 * 34 + 5 * 32 * sizeof(float));
}

TEST(GgufModels, AreNamedAfterTheirFileAndNeedNoTokenizer) {
  const LoadedModel loaded = open_gguf("qwen2-q8_0", WeightDtype::as_stored);
  EXPECT_EQ(loaded.name, "qwen2-q8_0");
  EXPECT_EQ(loaded.directory, gguf_folder() / "qwen2-q8_0.gguf");
  EXPECT_EQ(loaded.tokenizer, nullptr);
  EXPECT_THROW((void)tokenizer_of(loaded), core::Error);
}

/// A copy of a golden file that a test damages before it is opened.
class DamagedGguf : public ::testing::Test {
 protected:
  void replace(const std::string& from, const std::string& to) {
    ASSERT_EQ(from.size(), to.size());
    const std::size_t place = bytes_.find(from);
    ASSERT_NE(place, std::string::npos) << from;
    bytes_.replace(place, from.size(), to);
  }

  /// Returns where the numbers of a tensor begin in the file.
  [[nodiscard]] std::size_t place_of(const char* tensor) const {
    const auto file = checkpoint::GgufFile::open(gguf_folder() / "llama-q4_1.gguf");
    const auto stored = file.tensor(tensor).bytes;
    return bytes_.find(std::string(reinterpret_cast<const char*>(stored.data()), stored.size()));
  }

  [[nodiscard]] std::string message(WeightDtype dtype = WeightDtype::f32) const {
    const support::TemporaryDirectory folder;
    support::write_bytes(folder.path() / "model.gguf", bytes_);
    try {
      (void)open_model(folder.path() / "model.gguf", dtype);
    } catch (const core::Error& error) {
      return error.what();
    }
    return {};
  }

  std::string bytes_ = support::read_bytes(gguf_folder() / "llama-q4_1.gguf");
};

TEST_F(DamagedGguf, OpensWhereItIsWhole) {
  EXPECT_EQ(message(), "");
}

TEST_F(DamagedGguf, IsRefusedWithoutOneOfItsTensorsByTheNameInTheFile) {
  replace("blk.1.ffn_up.weight", "blk.1.ffn_xx.weight");
  EXPECT_THAT(message(), HasSubstr("lacks the tensor blk.1.ffn_up.weight"));
}

TEST_F(DamagedGguf, IsRefusedWithATensorThatWouldBeLeftOut) {
  const std::string key("llama.block_count\x04\0\0\0", 21);
  replace(key + '\2', key + '\1');
  EXPECT_THAT(message(), HasSubstr("tensor blk.1.attn_k.weight"));
}

TEST_F(DamagedGguf, IsRefusedWithATensorOfAnotherShape) {
  const std::string key("llama.feed_forward_length\x04\0\0\0", 29);
  replace(key + ' ', key + '@');
  EXPECT_THAT(message(), HasSubstr("blk.0.ffn_gate.weight"));
  EXPECT_THAT(message(), HasSubstr("(64, 32)"));
}

TEST_F(DamagedGguf, IsRefusedWithAScaleThatIsNotFinite) {
  const std::size_t place = place_of("blk.1.attn_k.weight");
  bytes_[place + 1] = '\x7E';
  for (const WeightDtype dtype : {WeightDtype::f32, WeightDtype::as_stored}) {
    EXPECT_THAT(message(dtype), HasSubstr("model.layers.1.self_attn.k_proj.weight"));
    EXPECT_THAT(message(dtype), HasSubstr("NaN"));
  }
}

}  // namespace
}  // namespace sketchscope::model
