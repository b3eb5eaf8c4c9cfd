#include "tests/cli/command_fixture.hpp"

namespace sketchscope::cli {
namespace {

using support::expect_refused;
using support::ProgramResult;
using ::testing::SizeIs;
using Json = nlohmann::json;

/// A data folder of models that open by name.
class GgufCommand : public support::CommandFixture {
 protected:
  static std::filesystem::path file() {
    return std::filesystem::path(SKETCHSCOPE_SOURCE_DIR) / "tests/golden/gguf/llama-q4_1.gguf";
  }

  [[nodiscard]] ProgramResult logits(const std::string& model) const {
    return run(support::ProgramInput{.arguments = {"logits", "--tokens", "1 2", "--model", model},
                                     .runner = {"env", "XDG_DATA_HOME=" + output().string()}});
  }
};

TEST_F(GgufCommand, OpensAFile) {
  const ProgramResult result = logits(file());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(Json::parse(result.out).at("logits"), SizeIs(40));
}

TEST_F(GgufCommand, OpensAModelByItsNameOnceItWasBrought) {
  expect_refused(logits("smollm2"), 1, {"scripts/get_model smollm2", output()});
  const auto folder = output() / "sketchscope/models/smollm2";
  std::filesystem::create_directories(folder);
  std::filesystem::copy(file(), folder / "SmolLM2-135M-Instruct.Q4_1.gguf");
  const ProgramResult result = logits("smollm2");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, logits(file()).out);
}

TEST_F(GgufCommand, RefusesANameThatIsNotKnownAndAFolderWithAFileInIt) {
  expect_refused(logits("nowhere"), 1, {"nowhere", "smollm2"});
  std::filesystem::copy(file(), output() / "model.gguf");
  expect_refused(logits(output()), 1, {"config.json", output() / "model.gguf"});
}

TEST_F(GgufCommand, SaysThatAFileWithoutAVocabularyHasNoTokenizer) {
  expect_refused(run({"tokenize", "--model", file()}), 1, {"no tokenizer", file()});
}

}  // namespace
}  // namespace sketchscope::cli
