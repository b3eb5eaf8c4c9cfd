#include "gui/app/recovery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/core/files.hpp"
#include "engine/run/run_file.hpp"
#include "tests/support/invented_source.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::app {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class Recovered : public ::testing::Test {
 protected:
  void make_steps(int count) {
    source_.advance(count);
    run_.read(notices_, false);
  }

  support::TemporaryDirectory folder_;
  test::InventedSource source_{{}, false};
  ShownRun run_{source_};
  NoticeBoard notices_;
};

TEST_F(Recovered, RunHasEveryStepThatWasMade) {
  Recovery recovery(folder_.path() / "state", Recovery::Seconds(0));
  EXPECT_THAT(recovery.found(), IsEmpty());
  make_steps(30);
  recovery.finish(run_);
  EXPECT_THAT(run::load_run(recovery.run_file()).records, SizeIs(30));
  make_steps(12);
  recovery.finish(run_);
  EXPECT_THAT(run::load_run(recovery.run_file()).records, SizeIs(42));
}

TEST_F(Recovered, RunOfAClosedWindowStaysAsTheLastOne) {
  std::filesystem::path last;
  {
    Recovery recovery(folder_.path(), Recovery::Seconds(0));
    last = recovery.last_run();
    make_steps(8);
    recovery.finish(run_);
  }
  EXPECT_THAT(run::load_run(last).records, SizeIs(8));
  EXPECT_THAT(Recovery(folder_.path()).found(), IsEmpty()) << "it did not crash";
}

TEST_F(Recovered, RunOfACrashedWindowIsFoundByTheNextOne) {
  make_steps(20);
  const pid_t crashing = ::fork();
  ASSERT_GE(crashing, 0);
  if (crashing == 0) {
    Recovery recovery(folder_.path(), Recovery::Seconds(0));
    recovery.finish(run_);
    ::_exit(9);  // without destructors, as in a crash
  }
  int status = 0;
  ASSERT_EQ(::waitpid(crashing, &status, 0), crashing);
  ASSERT_EQ(WEXITSTATUS(status), 9);
  const Recovery next(folder_.path());
  ASSERT_THAT(next.found(), SizeIs(1));
  EXPECT_THAT(run::load_run(next.found().front()).records, SizeIs(20));
}

TEST_F(Recovered, RunIsSavedBesideTheFramesFromTimeToTime) {
  Recovery recovery(folder_.path(), Recovery::Seconds(0));
  make_steps(5);
  for (int frame = 0; frame < 1000 && !std::filesystem::exists(recovery.run_file()); ++frame) {
    recovery.keep(run_);
    ::usleep(1000);
  }
  EXPECT_TRUE(std::filesystem::exists(recovery.run_file()));
}

}  // namespace
}  // namespace sketchscope::app
