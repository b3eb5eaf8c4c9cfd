#include "engine/core/npz.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "engine/core/random.hpp"

namespace sketchscope::core {
namespace {

ZipFiles some_files(std::uint64_t seed) {
  SplitMix64 random(seed);
  ZipFiles files = {{"empty", ""}, {"folder/zeros", std::string(100'000, '\0')}};
  for (std::uint64_t i = 0; i < 5; ++i) {
    std::string bytes;
    for (std::uint64_t n = random.below(5000); n > 0; --n)
      bytes += static_cast<char>(random.next());
    files["folder/ε " + std::to_string(i)] = bytes;
  }
  return files;
}

TEST(Zip, GivesBackTheFilesThatWentIn) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const ZipFiles files = some_files(seed);
    EXPECT_TRUE(unzip(zip(files), "archive") == files) << "seed " << seed;
  }
  EXPECT_TRUE(unzip(zip({{"a", "1"}}), "archive") == (ZipFiles{{"a", "1"}}));
}

TEST(Zip, CompressesAndGivesEqualBytesForEqualFiles) {
  const std::string archive = zip(some_files(1));
  EXPECT_LT(archive.size(), 60'000U) << "the zeros alone are 100,000 bytes";
  EXPECT_EQ(archive, zip(some_files(1)));
}

TEST(Unzip, RefusesAnArchiveThatWasCutShortWhereverItWas) {
  const std::string archive = zip(some_files(3));
  for (std::size_t length = 0; length < archive.size(); length += 1 + archive.size() / 97) {
    EXPECT_THROW(unzip(archive.substr(0, length), "cut.zip"), Error) << length;
  }
}

TEST(Unzip, GivesTheFilesBackOrRefusesWhateverByteWasAltered) {
  const ZipFiles files = some_files(4);
  const std::string archive = zip(files);
  SplitMix64 random(9);
  int refused = 0;
  for (int trial = 0; trial < 400; ++trial) {
    std::string altered = archive;
    altered[random.below(altered.size())] ^= static_cast<char>(1 + random.below(255));
    try {
      const ZipFiles found = unzip(altered, "altered.zip");
      // A name or a date may have changed; a content never unnoticed.
      for (const auto& [name, bytes] : found) {
        if (files.contains(name)) {
          EXPECT_EQ(bytes, files.at(name));
        }
      }
    } catch (const Error& error) {
      ++refused;
      EXPECT_THAT(error.what(), ::testing::HasSubstr("altered.zip"));
    }
  }
  EXPECT_GT(refused, 300);
}

TEST(Unzip, RefusesWhatUnpacksToMoreThanItsLimit) {
  EXPECT_THROW(unzip(zip({{"zeros", std::string(100'000, '\0')}}), "bomb", 99'999), Error);
  EXPECT_NO_THROW(unzip(zip({{"zeros", std::string(100'000, '\0')}}), "fits", 100'000));
}

}  // namespace
}  // namespace sketchscope::core
