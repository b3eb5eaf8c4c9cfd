#include <map>

#include "tests/cli/commands.hpp"

namespace sketchscope::support {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;

class Doctor : public CommandFixture {
 protected:
  /// Returns its findings by what they are about, with HOME and the folders below it in `home`.
  [[nodiscard]] static std::map<std::string, nlohmann::json> findings(const std::string& home) {
    const auto result =
        run({.arguments = {"doctor", "--json", "-"},
             .runner = {"env", "-u", "XDG_DATA_HOME", "-u", "XDG_CONFIG_HOME", "HOME=" + home}});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const auto json = nlohmann::json::parse(result.out);
    EXPECT_EQ(json.at("schema"), "sketchscope/doctor/1");
    std::map<std::string, nlohmann::json> by_what;
    for (const auto& finding : json.at("findings")) by_what[finding.at("what")] = finding;
    return by_what;
  }
};

TEST_F(Doctor, SaysWhatThereIsAndHowToGetTheRest) {
  const auto found = findings(output());
  for (const char* what : {"version", "processor", "memory", "speed", "GPU", "LibTorch",
                           "embedded model", "model smollm2", "models folder"}) {
    ASSERT_THAT(found, Contains(Key(what)));
    EXPECT_NE(found.at(what).at("found"), "") << what;
  }
  EXPECT_EQ(found.at("model smollm2").at("found"), "not installed");
  EXPECT_THAT(std::string(found.at("model smollm2").at("remedy")),
              HasSubstr("scripts/get_model smollm2"));
  EXPECT_FALSE(found.at("embedded model").contains("remedy"));
  EXPECT_EQ(found.at("LibTorch").contains("remedy"), !has_trainer());
  if (!has_window()) return;
  for (const char* what : {"font Inter", "font JetBrains Mono", "pictures", "settings folder"}) {
    EXPECT_THAT(found, Contains(Key(what)));
  }
  EXPECT_EQ(found.at("display").at("found"), "none") << "tests run without one";
  EXPECT_THAT(std::string(found.at("display").at("remedy")), HasSubstr("--offscreen"));
}

TEST_F(Doctor, FindsAModelThatWasBroughtAndAFolderThatIsMissing) {
  const auto folder = output() / ".local/share/sketchscope/models/smollm2";
  EXPECT_THAT(std::string(findings(output()).at("models folder").at("found")),
              HasSubstr("created on first use"));
  std::filesystem::create_directories(folder);
  write_bytes(folder / "SmolLM2-135M-Instruct.Q4_1.gguf", "GGUF");
  const auto found = findings(output());
  EXPECT_THAT(std::string(found.at("model smollm2").at("found")), HasSubstr(folder.string()));
  EXPECT_FALSE(found.at("model smollm2").contains("remedy"));
  EXPECT_THAT(std::string(found.at("models folder").at("found")), Not(HasSubstr("made when")));
}

TEST_F(Doctor, PrintsTheSameForPeopleWithoutColours) {
  const auto result = run({"doctor"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, AllOf(HasSubstr("\nprocessor "), HasSubstr("\nmodel smollm2 "),
                                Not(HasSubstr("\033"))));
  EXPECT_THAT(result.err, Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace sketchscope::support
