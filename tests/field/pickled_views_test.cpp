#include "tests/field/weight_files.hpp"

namespace sketchscope::field {
namespace {

using support::TorchFile;
using ::testing::AllOf;
using ::testing::HasSubstr;
namespace pickled = support::pickled;

/// Weights that PyTorch does not store as they are, but as a view of other numbers.
class PickledViews : public support::WeightFiles {};

/// Returns a pickled tensor with notes about its numbers behind its other arguments, as
/// torch._utils._rebuild_tensor_v2 takes them.
std::string with_notes(const std::string& tensor, const std::string& notes) {
  return tensor.substr(0, tensor.size() - 2) + notes + "tR";
}

// torch.save writes the notes {"neg": True} for torch._neg_view(x), whose storage holds -x.
TEST_F(PickledViews, ThatPyTorchWouldNegateAreRefusedByName) {
  TorchFile file;
  Entries entries = plain_entries(file);
  const std::string name = entries[1].first;
  entries[1].second = with_notes(entries[1].second, pickled::dictionary({{"neg", "\x88"}}));
  const std::string description = pickled::ordered(entries);
  for (const std::string& bytes : {file.zip(description), file.sequence(description)}) {
    write_bin(bytes);
    EXPECT_THAT(message(), AllOf(HasSubstr("tensor " + name + " "), HasSubstr("to be negated")));
  }
}

TEST_F(PickledViews, WithOtherNotesAreTheModel) {
  TorchFile file;
  Entries entries = plain_entries(file);
  entries[0].second = with_notes(entries[0].second, pickled::dictionary({{"neg", "\x89"}}));
  entries[1].second = with_notes(entries[1].second, pickled::dictionary({{"conj", "\x88"}}));
  entries[2].second = with_notes(entries[2].second, pickled::none());
  write_bin(file.zip(pickled::ordered(entries)));
  expect_the_model();
}

// PyTorch before 0.4 wrote a storage that is a part of another with ("key", first, count) at the
// end of its id, and torch.load still reads it so.
TEST_F(PickledViews, OfAPartOfAStorageBeginWhereThePartDoes) {
  TorchFile file;
  Entries entries;
  for (const auto& [name, tensor] : weights_.tensors) {
    const std::string bytes = bytes_of(tensor);
    const std::string whole = file.storage(std::string(12, '\1') + bytes);
    const auto count = static_cast<std::int64_t>(bytes.size() / 4);
    const std::string part = whole.substr(0, whole.size() - 2) +
                             pickled::tuple({pickled::text("part of " + name), pickled::integer(3),
                                             pickled::integer(count)}) +
                             "tQ";
    std::vector<std::int64_t> strides = {1};
    if (tensor.shape.size() == 2) strides = {tensor.shape[1], 1};
    entries.emplace_back(name, TorchFile::tensor(part, 0, tensor.shape, strides));
  }
  write_bin(file.sequence(pickled::ordered(entries)));
  expect_the_model();
}

}  // namespace
}  // namespace sketchscope::field
