#include "gui/app/open_target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.hpp"
#include "gui/app/settings.hpp"
#include "tests/support/temporary_directory.hpp"

namespace sketchscope::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OpenableFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    write("gpt2/config.json", "{}");
    write("gpt2/model.safetensors", "");
    write("texts/b.txt", "In Oldford");
    write("results/study.json", "{}");
    write("a.scope", "");
    write("c.md", "text");
    write("d.gguf", "GGUF");
    write("other.bin", "");
    write(".hidden.txt", "no");
  }

  void write(const std::string& name, std::string_view bytes) {
    const auto file = folder_.path() / name;
    std::filesystem::create_directories(file.parent_path());
    support::write_bytes(file, bytes);
  }

  std::string refusal(const std::string& name) {
    try {
      open_target_at(folder_.path() / name);
    } catch (const core::Error& error) {
      return error.what();
    }
    return "";
  }

  support::TemporaryDirectory folder_;
};

TEST_F(OpenableFiles, AreToldApartByTheirLooks) {
  EXPECT_EQ(open_target_at(folder_.path() / "gpt2").kind, OpenTargetKind::model);
  EXPECT_EQ(open_target_at(folder_.path() / "d.gguf").kind, OpenTargetKind::model);
  EXPECT_EQ(open_target_at(folder_.path() / "results").kind, OpenTargetKind::study);
  EXPECT_EQ(open_target_at(folder_.path() / "a.scope").kind, OpenTargetKind::run);
  EXPECT_EQ(open_target_at(folder_.path() / "texts/b.txt").kind, OpenTargetKind::text);
}

TEST_F(OpenableFiles, StandForTheirModelWhereTheyBelongToOne) {
  const OpenTarget model = open_target_at(folder_.path() / "gpt2");
  EXPECT_EQ(open_target_at(folder_.path() / "gpt2/"), model);
  EXPECT_EQ(open_target_at(folder_.path() / "gpt2/model.safetensors"), model);
  EXPECT_EQ(open_target_at(folder_.path() / "gpt2/config.json"), model);
}

TEST_F(OpenableFiles, AreRefusedWithTheirNameAndARemedy) {
  EXPECT_THAT(refusal("texts"), HasSubstr("without config.json"));
  EXPECT_THAT(refusal("nowhere"), HasSubstr("nothing of that name"));
  EXPECT_THAT(refusal("nowhere"), HasSubstr("Ctrl O"));
}

TEST_F(OpenableFiles, AreNoPromptWhereTheyAreEmptyTooLongOrNoText) {
  EXPECT_EQ(read_prompt_file(folder_.path() / "texts/b.txt"), "In Oldford");
  write("empty.txt", "");
  write("long.txt", std::string(2 << 20, 'x'));
  write("bytes.txt", std::string_view("a\0b", 3));
  for (const char* name : {"empty.txt", "long.txt", "bytes.txt"}) {
    EXPECT_THROW(read_prompt_file(folder_.path() / name), core::Error) << name;
  }
}

TEST_F(OpenableFiles, AreListedByFolderModelsFirst) {
  EXPECT_THAT(list_folder(folder_.path()),
              ElementsAre(FolderEntry{"d.gguf", OpenTargetKind::model},
                          FolderEntry{"gpt2", OpenTargetKind::model}, FolderEntry{"texts", {}},
                          FolderEntry{"a.scope", OpenTargetKind::run},
                          FolderEntry{"c.md", OpenTargetKind::text},
                          FolderEntry{"results", OpenTargetKind::study}));
  EXPECT_THROW(list_folder(folder_.path() / "nowhere"), core::Error);
}

TEST(RecentFiles, KeepTheLatestFirstAndForgetTheOldest) {
  Settings settings;
  for (int i = 0; i < 12; ++i) {
    remember_opened(settings, {OpenTargetKind::text, "/" + std::to_string(i)});
  }
  remember_opened(settings, {OpenTargetKind::text, "/7"});
  ASSERT_EQ(settings.recent.size(), kMostRecent);
  EXPECT_EQ(settings.recent[0].path, "/7");
  EXPECT_EQ(settings.recent[1].path, "/11");
  EXPECT_EQ(settings.recent.back().path, "/4");
}

TEST(RecentFiles, AreReadAsTheyWereWritten) {
  const support::TemporaryDirectory folder;
  const auto file = folder.path() / "settings.json";
  Settings settings;
  remember_opened(settings, {OpenTargetKind::model, "/models/gpt2"});
  remember_opened(settings, {OpenTargetKind::run, "/runs/a \"b\".scope"});
  write_settings(file, settings);
  EXPECT_EQ(read_settings(file), settings);
  support::write_bytes(file, R"({"recent": [{"kind": "film", "path": "/x"}]})");
  EXPECT_TRUE(read_settings(file).recent.empty());
}

}  // namespace
}  // namespace sketchscope::app
