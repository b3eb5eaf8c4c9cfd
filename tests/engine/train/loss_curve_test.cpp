#include "engine/train/training_log.hpp"

#include <gmock/gmock.h>

#include "engine/core/error.hpp"
#include "engine/core/files.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::train {
namespace {

using ::testing::ElementsAre;

class LossCurve : public ::testing::Test {
 protected:
  std::vector<double> read(const std::string& log) {
    core::write_file(folder_.path() / "log.jsonl", log);
    return read_loss_curve(folder_.path() / "log.jsonl");
  }

 private:
  support::TemporaryDirectory folder_;
};

TEST_F(LossCurve, CountsAStepThatWasDoneAgainOnce) {
  EXPECT_THAT(read("{\"step\":1,\"loss\":3}\n{\"step\":2,\"loss\":2}\n"
                   "{\"step\":2,\"loss\":2.5}\n{\"step\":3,\"loss\":1}\n"),
              ElementsAre(3, 2.5, 1));
}

TEST_F(LossCurve, RefusesWhatIsNoLog) {
  EXPECT_THROW(read("{\"step\":1}\n"), core::Error);
  EXPECT_THROW(read("{\"step\":5,\"loss\":1}\n"), core::Error);
  EXPECT_THROW(read("{\"step\":\"1\",\"loss\":1}\n"), core::Error);
  EXPECT_THROW(read("step 1\n"), core::Error);
}

TEST(LossCurves, DifferByTheirMeansOverWindows) {
  const std::vector<double> left = {4, 2, 3, 3, 1}, right = {2, 4, 3, 2, 9};
  EXPECT_DOUBLE_EQ(largest_difference(left, right, 2), 0.5);
  EXPECT_DOUBLE_EQ(largest_difference(left, left, 2), 0);
}

}  // namespace
}  // namespace sketchscope::train
