#include <sys/stat.h>

#include <ostream>

#include "tests/field/weight_files.hpp"

namespace sketchscope::field {
namespace {

using support::write_bytes;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// What lies under the name of a weight file, and what a message must call it.
struct Foreign {
  std::string name;
  std::string bytes;
  std::string kind;
  std::string remedy;

  friend void PrintTo(const Foreign& foreign, std::ostream* stream) { *stream << foreign.name; }
};

const std::vector<Foreign>& foreign_files() {
  static const std::vector<Foreign> files = {
      {"LfsPointer",
       "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 548105171\n",
       "a Git LFS pointer", "git lfs pull"},
      {"AnnexPointer", "/annex/objects/SHA256E-s1--0.bin\n", "a git-annex pointer",
       "git annex get"},
      {"WebPage", "<!DOCTYPE html>\n<html><body>Sign in</body></html>", "a web page (HTML)",
       "again"},
      {"WebPageAfterBlanks", "\xEF\xBB\xBF \r\n<HTML lang='en'>", "a web page (HTML)", "again"},
      {"XmlRefusal", "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>",
       "an XML text", "again"},
      {"JsonRefusal", "[\"Repository not found\"]", "a JSON text", "again"},
      {"PlainRefusal", "Entry not found", "a text that begins with 'Entry not found'", "again"},
      {"Gzip", std::string("\x1F\x8B\x08\0\0\0\0\0\0\x03+", 11), "packed by gzip", "Unpack"},
      {"Bzip2", "BZh91AY&SY", "packed by bzip2", "Unpack"},
      {"Xz", std::string("\xFD\x37zXZ\0\0\x04", 8), "packed by xz", "Unpack"},
      {"Zstd", "\x28\xB5\x2F\xFD\x24\x10", "packed by zstd", "Unpack"},
      {"Tar", std::string("model/").append(251, '\0') + "ustar\0", "a tar archive", "Unpack"},
      {"Hdf5", "\x89HDF\r\n\x1A\n", "an HDF5 file", "Convert"},
      {"Gguf", std::string("GGUF\x03\0\0\0", 8), "a GGUF file", ".gguf"},
      {"Numpy", "\x93NUMPY\x01", "a NumPy array", "Convert"},
  };
  return files;
}

class ForeignFile : public support::WeightFiles, public ::testing::WithParamInterface<Foreign> {};

TEST_P(ForeignFile, IsNamedUnderTheNameOfEachWeightFile) {
  for (const std::string name : {"model.safetensors", "model.safetensors.index.json",
                                 "pytorch_model.bin", "pytorch_model.bin.index.json"}) {
    write_bytes(folder() / name, GetParam().bytes);
    EXPECT_THAT(message(), AllOf(HasSubstr((folder() / name).string()), HasSubstr(GetParam().kind),
                                 HasSubstr(GetParam().remedy)));
    std::filesystem::remove(folder() / name);
  }
}

INSTANTIATE_TEST_SUITE_P(EachKind, ForeignFile, ::testing::ValuesIn(foreign_files()),
                         [](const auto& instance) { return instance.param.name; });

using WeightFile = support::WeightFiles;

TEST_F(WeightFile, OfTorchUnderTheNameOfSafetensorsIsNamed) {
  support::TorchFile file;
  const std::string pickle = support::pickled::ordered(plain_entries(file));
  for (const std::string& bytes : {file.zip(pickle), file.sequence(pickle)}) {
    write_bytes(folder() / "model.safetensors", bytes);
    EXPECT_THAT(message(), AllOf(HasSubstr("torch.save"), HasSubstr("pytorch_model.bin"),
                                 Not(HasSubstr("damaged"))));
  }
}

TEST_F(WeightFile, OfSafetensorsUnderTheNameOfTorchIsNamed) {
  support::write_safetensors(weights_, folder() / "pytorch_model.bin");
  EXPECT_THAT(message(), AllOf(HasSubstr("found a safetensors file"), HasSubstr("Rename it")));
}

TEST_F(WeightFile, IsRefusedWhereItIsEmpty) {
  write_bytes(folder() / "model.safetensors", "");
  EXPECT_THAT(message(), HasSubstr("an empty file"));
}

TEST_F(WeightFile, ThatIsANamedPipeIsRefusedRatherThanWaitedFor) {
  ASSERT_EQ(::mkfifo((folder() / "model.safetensors").c_str(), 0600), 0);
  EXPECT_THAT(message(), HasSubstr("not a regular file"));
}

TEST_F(WeightFile, BehindALinkThatLeadsNowhereIsNamed) {
  std::filesystem::create_symlink("../../blobs/0123", folder() / "model.safetensors");
  EXPECT_THAT(message(), AllOf(HasSubstr("model.safetensors"), HasSubstr("No such file")));
}

TEST_F(WeightFile, OfAnAdapterOrAShardWithoutItsIndexIsKnownByItsName) {
  write_bytes(folder() / "model-00001-of-00002.safetensors", "anything");
  EXPECT_THAT(message(), HasSubstr("model.safetensors.index.json"));
  EXPECT_THAT(message(), HasSubstr("etch the index"));
  write_bytes(folder() / "adapter_model.safetensors", "anything");
  EXPECT_THAT(message(), HasSubstr("LoRA"));
}

TEST_F(WeightFile, BesideAConfigurationInUtf16IsNoMatterOfItsLength) {
  const std::string utf16 = std::string("\xFF\xFE{\0}\0", 6);
  write_bytes(folder() / "config.json", utf16);
  EXPECT_THAT(message(),
              AllOf(HasSubstr("UTF-16"), HasSubstr("UTF-8"), Not(HasSubstr("cut short"))));
}

TEST_F(WeightFile, UnderANameOfAnotherProgramIsPointedTo) {
  write_bytes(folder() / "ckpt.pt", "anything");
  EXPECT_THAT(message(), AllOf(HasSubstr("found ckpt.pt"), HasSubstr("pytorch_model.bin")));
}

}  // namespace
}  // namespace sketchscope::field
