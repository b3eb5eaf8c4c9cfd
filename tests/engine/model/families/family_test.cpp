#include "engine/model/families/family.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/core/error.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::model {
namespace {

using ::testing::HasSubstr;

TEST(Family, IsFoundByItsNumberAndByItsName) {
  for (const Family& family : families()) {
    EXPECT_EQ(&family_of(family.id), &family);
    EXPECT_EQ(&family_from(family.name), &family);
  }
}

TEST(Family, ThatIsNotKnownIsRefusedByNameWithThoseThatAre) {
  const support::TemporaryDirectory directory;
  support::write_bytes(directory.path() / "config.json", R"({"model_type": "mamba"})");
  const auto message_of = [](const auto& action) -> std::string {
    try {
      action();
    } catch (const core::Error& error) {
      return error.what();
    }
    return "accepted";
  };
  for (const std::string& message : {message_of([] { (void)family_from("mamba"); }),
                                     message_of([&] { read_model_config(directory.path()); })}) {
    EXPECT_THAT(message, HasSubstr("mamba"));
    for (const Family& family : families())
      EXPECT_THAT(message, HasSubstr(std::string(family.name)));
  }
}

class EveryFamily : public ::testing::TestWithParam<Family> {};

TEST_P(EveryFamily, NamesEachTensorOnceWithAShapeOfTheConfiguration) {
  const ModelConfig config{.family = GetParam().id,
                           .layers = 3,
                           .heads = 6,
                           .kv_heads = 2,
                           .width = 40,
                           .head_width = 5,
                           .inner_width = 70,
                           .vocabulary = 90,
                           .positions = 30};
  const WeightNames names = weight_names(config);
  EXPECT_EQ(names.blocks.size(), 3U);
  EXPECT_FALSE(names.own_head) << "the head is tied";
  EXPECT_EQ(names.blocks[1].qkv.outputs(), (6 + 2 * 2) * 5);
  EXPECT_EQ(names.blocks[1].attention_output.inputs, 6 * 5);
  std::set<std::string> seen;
  for (const TensorName& tensor : tensors_of(names)) {
    EXPECT_TRUE(seen.insert(tensor.name).second) << tensor.name;
    for (const std::int64_t extent : tensor.shape) EXPECT_GT(extent, 0) << tensor.name;
  }
}

TEST_P(EveryFamily, NamesAHeadOfItsOwnWhereTheConfigurationDoesNotTieIt) {
  const ModelConfig config{.family = GetParam().id, .tied_head = false};
  ASSERT_TRUE(weight_names(config).own_head);
  EXPECT_EQ(weight_names(config).own_head->outputs(), config.vocabulary);
}

INSTANTIATE_TEST_SUITE_P(Families, EveryFamily,
                         ::testing::ValuesIn(families().begin(), families().end()),
                         [](const auto& family) { return std::string(family.param.name); });

}  // namespace
}  // namespace sketchscope::model
