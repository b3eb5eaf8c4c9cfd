#include "engine/core/npz.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sketchscope::core {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string file_of(const std::vector<float>& values, const std::vector<std::size_t>& shape) {
  return npy_file<float>(values, shape);
}

TEST(Npy, WritesTheHeaderThatNumpyWrites) {
  const std::string file = file_of({1, 2, 3, 4, 5, 6}, {2, 3});
  EXPECT_EQ(file.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  EXPECT_THAT(file, HasSubstr("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, ), }"));
  EXPECT_EQ((file.size() - 24) % 64, 0U) << "numbers begin at a multiple of 64";
  EXPECT_EQ(file[file.size() - 25], '\n');
}

TEST(Npy, ReadsWhatItWrites) {
  const auto read = read_npy<float>(file_of({1, -2.5F, 3, 4, 5, 6}, {3, 2}), "a");
  EXPECT_THAT(read.shape, ElementsAre(3, 2));
  EXPECT_THAT(read.values, ElementsAre(1, -2.5F, 3, 4, 5, 6));
  EXPECT_THAT(read_npy<float>(file_of({}, {0}), "a").values, ElementsAre());
  EXPECT_THAT(read_npy<float>(file_of({7}, {}), "a").values, ElementsAre(7));
}

TEST(Npy, ReadsNumpysOwnSpellingOfAShape) {
  std::string file = file_of({1, 2}, {2});
  const std::size_t at = file.find("(2, )");
  file.replace(at, 5, "(2,) ");
  EXPECT_THAT(read_npy<float>(file, "a").values, ElementsAre(1, 2));
}

TEST(Npy, RefusesWhatIsNoArrayOfThatType) {
  const std::string file = file_of({1, 2, 3, 4}, {2, 2});
  EXPECT_THROW(read_npy<double>(file, "a"), Error);
  EXPECT_THROW(read_npy<float>(file.substr(0, file.size() - 1), "a"), Error);
  EXPECT_THROW(read_npy<float>(file + "x", "a"), Error);
  EXPECT_THROW(read_npy<float>("", "a"), Error);
  EXPECT_THROW(read_npy<float>(std::string("\x93NUMPY\x02\x00\x10\x00", 10), "a"), Error);
  for (std::size_t length = 0; length < file.size(); ++length) {
    EXPECT_THROW(read_npy<float>(file.substr(0, length), "a"), Error) << length;
  }
}

TEST(Npy, RefusesAShapeThatOverflows) {
  std::string file = file_of({1, 2}, {2});
  file.replace(file.find("(2, ), }"), 30, "(4611686018427387904, 16, ), }");
  EXPECT_THROW(read_npy<float>(file, "a"), Error);
}

}  // namespace
}  // namespace sketchscope::core
