#include "engine/core/files.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "engine/core/error.hpp"

namespace sketchscope::core {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Files : public ::testing::Test {
 protected:
  Files() { std::filesystem::create_directories(folder_); }
  ~Files() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      found.push_back(entry.path().filename());
    }
    return found;
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("sketchscope_files_" + std::to_string(getpid()));
};

TEST_F(Files, AreReadAsTheyWereWritten) {
  const std::string bytes("a\r\n\0\xff z", 7);
  write_file(folder_ / "bytes", bytes);
  EXPECT_EQ(read_file(folder_ / "bytes"), bytes);
}

TEST_F(Files, KeepTheirOldContentUntilTheNewOneIsComplete) {
  write_file(folder_ / "result", "old");
  PendingFile file(folder_ / "result");
  file.stream() << "new" << std::flush;
  EXPECT_EQ(read_file(folder_ / "result"), "old");
  file.commit();
  EXPECT_EQ(read_file(folder_ / "result"), "new");
  EXPECT_THAT(names(), ::testing::ElementsAre("result"));
}

TEST_F(Files, LeaveNothingBehindWhenTheyAreAbandoned) {
  { PendingFile(folder_ / "result").stream() << "half"; }
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(Files, HaveNoNameBeforeTheyAreComplete) {
  PendingFile file(folder_ / "result");
  file.stream() << std::string(1 << 20, 'x') << std::flush;
  EXPECT_THAT(names(), IsEmpty());
  file.commit();
  EXPECT_EQ(read_file(folder_ / "result").size(), 1U << 20);
}

TEST_F(Files, KeepTheReasonOfTheFirstWriteThatFailed) {
  PendingFile file("/dev/full");
  file.stream() << std::string(1 << 20, 'x');
  errno = EACCES;
  try {
    file.commit();
    FAIL() << "a full device took a file";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot write /dev/full: found No space left on device"));
  }
}

TEST_F(Files, AreWrittenThroughALink) {
  write_file(folder_ / "target", "old");
  std::filesystem::create_symlink(folder_ / "target", folder_ / "link");
  write_file(folder_ / "link", "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link"));
  EXPECT_EQ(read_file(folder_ / "target"), "new");
}

TEST_F(Files, LeaveADeviceInItsPlace) {
  write_file("/dev/null", "gone");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(Files, RefuseAFolderThatIsNotThere) {
  try {
    PendingFile file(folder_ / "missing" / "result");
    FAIL() << "a file was opened in a folder that is not there";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr((folder_ / "missing" / "result").string()));
    EXPECT_THAT(error.what(), HasSubstr("No such file or directory"));
  }
}

TEST_F(Files, RefuseToReadWhatIsNotThereOrIsAFolder) {
  EXPECT_THROW(read_file(folder_ / "missing"), Error);
  EXPECT_THROW(read_file(folder_), Error);
}

TEST(ParseJson, RefusesListsInMoreOthersThanAnyFileHas) {
  const std::string deep = "{\"a\":" + std::string(200'000, '[');
  EXPECT_TRUE(parse_json(deep).is_discarded());
  EXPECT_TRUE(parse_json(deep + std::string(200'000, ']') + "}").is_discarded());
  EXPECT_TRUE(parse_json(R"({"a": [{"b]]": "[[\"["}]})").is_object());
  try {
    parse_json_object(deep, "config.json");
    FAIL() << "it was read";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("config.json"));
    EXPECT_THAT(error.what(), HasSubstr("200"));
  }
}

TEST(JsonProblem, IsWhereTheTextStopsBeingJson) {
  EXPECT_EQ(json_problem("{\"a\": 1,\n  \"b\": 2,\n}"), "no JSON at line 3, column 1");
  EXPECT_EQ(json_problem("// knobs\n{}"), "no JSON at line 1, column 1");
  EXPECT_EQ(json_problem("{} x"), "no JSON at line 1, column 4");
  EXPECT_EQ(json_problem(""), "no JSON at line 1, column 1");
  EXPECT_EQ(json_problem("[1e999]"), "a number that is too large");
  EXPECT_THAT(json_problem(std::string(201, '[')), HasSubstr("more than 200"));
}

TEST(ParseJson, AllowsAsManyAsItSays) {
  EXPECT_TRUE(parse_json(std::string(200, '[') + std::string(200, ']')).is_array());
  EXPECT_TRUE(parse_json(std::string(201, '[') + std::string(201, ']')).is_discarded());
}

}  // namespace
}  // namespace sketchscope::core
