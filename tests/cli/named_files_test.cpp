#include <fstream>
#include <iterator>

#include "tests/cli/commands.hpp"

namespace sketchscope::support {
namespace {

/// Files that a command line names: those that are written replace nothing else that it names.
class NamedFiles : public CommandFixture {
 protected:
  NamedFiles() { write_bytes(text(), kText); }

  [[nodiscard]] std::string text() const { return output() / "text.txt"; }

  [[nodiscard]] std::string content() const {
    std::ifstream stream(text(), std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  static constexpr const char* kText = "Once upon a time there was a fox.";
};

TEST_F(NamedFiles, ThatAreReadAreNotReplacedByAResult) {
  const std::string link = output() / "link.txt";
  std::filesystem::create_symlink("text.txt", link);
  const std::string detour = output() / ".." / "output" / "text.txt";
  for (const std::string& result : {text(), link, detour}) {
    for (const std::string name : {"eval", "reads", "heads", "attention", "sketches", "learn"}) {
      SCOPED_TRACE(name + " " + result);
      expect_refused(run_on_tiny_model({name, "--text", text(), "--json", result}), 2,
                     {"--json: found " + result +
                      ", which --text names too, expected a file of "
                      "its own"});
    }
  }
  EXPECT_EQ(content(), kText);
}

TEST_F(NamedFiles, ThatAreWrittenAreNotReplacedByEachOther) {
  const std::string file = output() / "new";
  const std::vector<std::string> generate = {"generate", "--tokens", "1 2", "--max-new-tokens",
                                             "1"};
  const std::vector<std::string> outputs = {"--json", "--record", "--trace", "--save"};
  for (std::size_t i = 1; i < outputs.size(); ++i) {
    auto words = generate;
    words.insert(words.end(), {outputs[0], file, outputs[i], file});
    expect_refused(run_on_tiny_model(words), 2, {outputs[i], "names too"});
  }
  expect_refused(run_on_tiny_model({"attention", "--text", text(), "--csv", file, "--json", file}),
                 2, {"names too"});
  EXPECT_THAT(written(), ::testing::ElementsAre("text.txt"));
}

TEST_F(NamedFiles, MayBothBeADeviceOrAStandardStream) {
  EXPECT_EQ(run_on_tiny_model({"generate", "--tokens", "1 2", "--max-new-tokens", "1", "--json",
                               "/dev/null", "--record", "/dev/null"})
                .exit_code,
            0);
  EXPECT_EQ(run({.arguments = {"eval", "--model", model(), "--text", "-", "--json", "-"},
                 .standard_input = kText})
                .exit_code,
            0);
}

}  // namespace
}  // namespace sketchscope::support
