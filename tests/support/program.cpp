#include "tests/support/program.hpp"

#include <sys/wait.h>

#include <cstdlib>

#include "tests/support/temporary_directory.hpp"

namespace sketchscope::support {
namespace {

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char letter : word) text += letter == '\'' ? R"('\'')" : std::string(1, letter);
  return text + "'";
}

}  // namespace

ProgramResult run_program(const std::filesystem::path& program, const ProgramInput& input) {
  const TemporaryDirectory folder;
  const auto in = folder.path() / "in";
  const auto out = folder.path() / "out";
  const auto err = folder.path() / "err";
  write_bytes(in, input.standard_input);

  std::string command = "env -u DISPLAY -u WAYLAND_DISPLAY";
  for (const std::string& word : input.runner) command += " " + quoted(word);
  command += " " + quoted(program);
  for (const std::string& word : input.arguments) command += " " + quoted(word);
  command += " <" + quoted(in) + " >" + quoted(out) + " 2>" + quoted(err);

  const int status = std::system(command.c_str());
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .out = read_bytes(out),
          .err = read_bytes(err)};
}

}  // namespace sketchscope::support
