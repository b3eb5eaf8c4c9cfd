#include "tests/cli/command_fixture.hpp"

namespace sketchscope::support {
namespace {

using ::testing::Each;
using ::testing::SizeIs;
using Json = nlohmann::json;

using LogitsCommand = CommandFixture;

TEST_F(LogitsCommand, GivesOneLogitPerTokenOfTheVocabulary) {
  const auto result = run_on_tiny_model({"logits", "--tokens", "1 2 3"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json json = Json::parse(result.out);
  EXPECT_EQ(json.at("schema"), "sketchscope/logits/1");
  EXPECT_EQ(json.at("tokens"), Json({1, 2, 3}));
  EXPECT_THAT(json.at("logits"), SizeIs(260));
}

TEST_F(LogitsCommand, AreTheSameWhetherTheUncappedPromptComesAtOnceOrTokenByToken) {
  const auto logits = [&](const std::string& prefill) {
    const auto result =
        run_on_tiny_model({"logits", "--tokens", "5 6 7 8 9", "--prefill", prefill});
    return Json::parse(result.out).at("logits").get<std::vector<double>>();
  };
  const auto at_once = logits("full");
  const auto streamed = logits("stream");
  ASSERT_EQ(at_once.size(), streamed.size());
  for (std::size_t i = 0; i < at_once.size(); ++i) EXPECT_NEAR(at_once[i], streamed[i], 1e-4);
}

TEST_F(LogitsCommand, RefusesTokensOutsideTheVocabulary) {
  expect_refused(run_on_tiny_model({"logits"}), 2, {"--tokens"});
  expect_refused(run_on_tiny_model({"logits", "--tokens", "260"}), 1, {"260"});
  expect_refused(run_on_tiny_model({"logits", "--tokens", "-1"}), 2, {"'-1'"});
}

class TokenizeCommand : public CommandFixture {
 protected:
  [[nodiscard]] ProgramResult tokenize(const std::string& input, bool decode = false) const {
    std::vector<std::string> arguments = {"tokenize", "--model", model()};
    if (decode) arguments.emplace_back("--decode");
    return run({.arguments = arguments, .standard_input = input});
  }
};

TEST_F(TokenizeCommand, AppliesTheMerges) {
  EXPECT_EQ(tokenize("the the").out, "[257,258]\n");
  EXPECT_EQ(tokenize("").out, "[]\n");
  EXPECT_EQ(tokenize("<|endoftext|>").out, "[259]\n");
}

TEST_F(TokenizeCommand, GivesEveryByteBack) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  bytes += "the \xF0\x9F\x98\x80 end\n";
  const auto ids = tokenize(bytes);
  ASSERT_EQ(ids.exit_code, 0) << ids.err;
  EXPECT_EQ(tokenize(ids.out, true).out, bytes);
}

TEST_F(TokenizeCommand, PrintsWhatTokensTakes) {
  const std::string ids = tokenize("the cat").out;
  const auto result = run_on_tiny_model({"logits", "--tokens", ids});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(Json::parse(result.out).at("tokens"), Json::parse(ids));
}

TEST_F(TokenizeCommand, ReadsNoWeights) {
  std::filesystem::remove(model() / "model.safetensors");
  std::filesystem::remove(model() / "config.json");
  EXPECT_EQ(tokenize("the").out, "[257]\n");
}

TEST_F(TokenizeCommand, RefusesWhatItCannotDecode) {
  expect_refused(tokenize("the", true), 1, {"JSON array"});
  expect_refused(tokenize("[1, \"a\"]", true), 1, {"\"a\""});
  expect_refused(tokenize("[1000000]", true), 1, {"1000000"});
  expect_refused(tokenize("[99999999999]", true), 1, {"99999999999"});
  std::filesystem::remove(model() / "vocab.json");
  std::filesystem::remove(model() / "merges.txt");
  expect_refused(tokenize("the"), 1, {"no tokenizer", model()});
}

}  // namespace
}  // namespace sketchscope::support
