#pragma once

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::support {

/// Runs the built program on a tiny model in a temporary folder.
class CommandFixture : public ::testing::Test {
 protected:
  CommandFixture() {
    std::filesystem::create_directory(model());
    std::filesystem::create_directory(output());
    write_tiny_model({}, model());
  }

  [[nodiscard]] std::filesystem::path model() const { return folder_.path() / "tiny"; }
  /// Returns the folder for the output of commands, which is empty at first.
  [[nodiscard]] std::filesystem::path output() const { return folder_.path() / "output"; }

  [[nodiscard]] std::vector<std::string> written() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(output())) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  static ProgramResult run(const ProgramInput& input) {
    return run_program(SKETCHSCOPE_PROGRAM, input);
  }
  static ProgramResult run(std::vector<std::string> arguments) {
    return run(ProgramInput{.arguments = std::move(arguments)});
  }

  /// `subcommand --model <tiny>` with further arguments.
  [[nodiscard]] ProgramResult run_on_tiny_model(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin() + 1, {"--model", model().string()});
    return run(std::move(arguments));
  }

 private:
  TemporaryDirectory folder_;
};

/// Expects this exit code and one sentence on standard error that contains every part.
inline void expect_refused(const ProgramResult& result, int exit_code,
                           const std::vector<std::string>& parts) {
  EXPECT_EQ(result.exit_code, exit_code) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, ::testing::StartsWith("sketchscope: "));
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
  for (const std::string& part : parts) EXPECT_THAT(result.err, ::testing::HasSubstr(part));
}

}  // namespace sketchscope::support
