#include "engine/model/offered_models.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::model {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// A table of two models, of which one was brought.
class OfferedModels : public ::testing::Test {
 protected:
  OfferedModels() {
    std::filesystem::create_directories(folder_.path() / "here");
    support::write_bytes(folder_.path() / "here/model.gguf", "GGUF");
    support::write_bytes(table(), R"({"here": {"about": "a model", "member": "inside/model.gguf"},
                                      "away": {"about": "another", "member": "other.gguf"}})");
  }

  [[nodiscard]] std::filesystem::path table() const { return folder_.path() / "models.json"; }
  [[nodiscard]] std::vector<OfferedModel> offered() const {
    return read_offered_models(table(), folder_.path());
  }
  [[nodiscard]] std::string refusal(const std::filesystem::path& given) const {
    try {
      (void)path_of_model(given, offered());
    } catch (const core::Error& error) {
      return error.what();
    }
    return {};
  }

  support::TemporaryDirectory folder_;
};

TEST_F(OfferedModels, LieInAFolderOfTheirNameOnceTheyWereBrought) {
  const std::vector<OfferedModel> models = offered();
  ASSERT_EQ(models.size(), 2U);
  EXPECT_EQ(models[0].name, "away");
  EXPECT_FALSE(models[0].is_there());
  EXPECT_EQ(models[1].about, "a model");
  EXPECT_EQ(models[1].file, folder_.path() / "here/model.gguf");
  EXPECT_TRUE(models[1].is_there());
}

TEST_F(OfferedModels, OpenByTheirName) {
  EXPECT_EQ(path_of_model("here", offered()), folder_.path() / "here/model.gguf");
  EXPECT_THAT(refusal("away"),
              AllOf(HasSubstr("other.gguf"), HasSubstr("sketchscope-get-model away")));
}

TEST_F(OfferedModels, LeavePathsAloneThatAreNoNames) {
  EXPECT_EQ(path_of_model("/no/such/model", offered()), "/no/such/model");
  EXPECT_EQ(path_of_model("./here", offered()), "./here");
  EXPECT_EQ(path_of_model(".", offered()), ".");
  EXPECT_THAT(refusal("nowhere"), AllOf(HasSubstr("nowhere"), HasSubstr("away, here")));
}

TEST_F(OfferedModels, AreRefusedInATableThatIsDamaged) {
  support::write_bytes(table(), R"({"here": {"about": 3}})");
  EXPECT_THROW((void)offered(), core::Error);
}

TEST(TableOfModels, NamesEachWithItsFile) {
  const auto table = std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "assets/models.json";
  for (const OfferedModel& model : read_offered_models(table, "/models")) {
    EXPECT_EQ(model.file.extension(), ".gguf") << model.name;
    EXPECT_EQ(model.file.parent_path(), std::filesystem::path("/models") / model.name);
    EXPECT_FALSE(model.about.empty());
    EXPECT_EQ(model.command(), "scripts/get_model " + model.name) << "in a checkout";
  }
}

}  // namespace
}  // namespace sketchscope::model
