#include "gui/platform/crash_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::platform {
namespace {

using ::testing::HasSubstr;

class CrashLogOf : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Signals, CrashLogOf, ::testing::Values(SIGSEGV, SIGFPE, SIGABRT));

TEST_P(CrashLogOf, ACrashHoldsWhatWasSaidTheSignalAndTheCalls) {
  const support::TemporaryDirectory folder;
  const auto file = folder.path() / "window.log";
  const auto crash = [&] {
    const CrashLog log(file, "The run is kept as run.scope.");
    log.write("something was said");
    ::raise(GetParam());
  };
  EXPECT_EXIT(crash(), ::testing::KilledBySignal(GetParam()),
              "crashed by SIG.*\n.*The run is kept as run.scope.");
  const std::string text = core::read_file(file);
  EXPECT_THAT(text, HasSubstr("something was said\nsketchscope: crashed by SIG"));
  EXPECT_THAT(text, HasSubstr("The run is kept as run.scope.\n"));
  EXPECT_THAT(text, HasSubstr("[0x")) << "addresses of calls";
}

TEST(CrashLog, IsRefusedWhereItCannotBeWritten) {
  const support::TemporaryDirectory folder;
  EXPECT_THROW(CrashLog(folder.path() / "none" / "window.log", ""), core::Error);
}

}  // namespace
}  // namespace sketchscope::platform
