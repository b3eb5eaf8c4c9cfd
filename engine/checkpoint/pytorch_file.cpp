#include "engine/checkpoint/pytorch_file.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/checkpoint/byte_cursor.hpp"
#include "engine/checkpoint/foreign_file.hpp"
#include "engine/checkpoint/mapped_file.hpp"
#include "engine/checkpoint/pickle.hpp"
#include "engine/checkpoint/state_dictionary.hpp"
#include "engine/checkpoint/zip_archive.hpp"
#include "engine/core/error.hpp"

namespace sketchscope::checkpoint {
namespace {

using Bytes = std::span<const std::byte>;

/// What every old file begins with: the number 0x1950a86a20f9469cfc6c and the end of its pickle, in
/// binary from protocol 2 on, and in digits before.
constexpr std::string_view kOldMagic("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 13);
constexpr std::string_view kOldMagicDigits("L119547037146038801333356L\n.");
constexpr std::string_view kZipMagic("PK\x03\x04", 4);

bool starts_with(Bytes bytes, std::string_view text) {
  return bytes.size() >= text.size() &&
         std::equal(text.begin(), text.end(), reinterpret_cast<const char*>(bytes.data()));
}

/// Returns where the magic number of an old file ends; 0 if there is none.
std::size_t end_of_old_magic(Bytes bytes) {
  if (starts_with(bytes, kOldMagicDigits)) return kOldMagicDigits.size();
  constexpr std::size_t kFurthest = 32;  // protocol and frame stand before it
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()),
                               std::min(bytes.size(), kFurthest));
  const std::size_t place = start.find(kOldMagic);
  return place == std::string_view::npos ? 0 : place + kOldMagic.size();
}

[[noreturn]] void refuse_plain_pickle(const std::string& source) {
  throw core::Error({.what = source + " is not what its name says",
                     .found = "a pickle that torch.save did not write",
                     .expected = "a file of torch.save",
                     .remedy = "in Python: torch.save(pickle.load(open(FILE, 'rb')), FILE)"});
}

[[noreturn]] void refuse(const std::string& source, const std::string& found,
                         const std::string& expected) {
  throw core::Error({.what = source + " cannot be read",
                     .found = found,
                     .expected = expected,
                     .remedy = "fetch the file again, or use model.safetensors"});
}

/// Refuses compressed tensors and a compressed description of them. The program in an archive of
/// TorchScript is compressed too, but not needed.
void refuse_compressed(const std::vector<std::string>& names, const std::string& source) {
  const auto needed = std::ranges::find_if(names, [](const std::string& name) {
    return name.ends_with("data.pkl") || name.find("/data/") != std::string::npos;
  });
  if (needed == names.end()) return;
  throw core::Error({.what = source + " is a zip archive that torch.save did not write",
                     .found = "the compressed file " + *needed,
                     .expected = "files that are stored as they are",
                     .remedy = "unpack it, and give the weight file in it this name"});
}

/// Reads a zip archive, in which ARCHIVE/data.pkl describes the tensors and ARCHIVE/data/KEY holds
/// each storage.
std::map<std::string, CheckpointTensor> read_archive(Bytes bytes, const std::string& source) {
  constexpr std::string_view kDescription = "/data.pkl";
  const ZipContents contents = read_zip(bytes, source);
  const auto& files = contents.stored;
  refuse_compressed(contents.compressed, source);
  const auto description = std::ranges::find_if(
      files, [&](const auto& file) { return file.first.ends_with(kDescription); });
  if (description == files.end()) {
    refuse(source, "a zip archive without data.pkl", "a file of torch.save");
  }
  const std::string archive =
      description->first.substr(0, description->first.size() - kDescription.size());
  const std::string folder = archive + "/data/";
  Storages storages;
  for (const auto& [name, content] : files) {
    if (name.starts_with(folder)) {
      storages[name.substr(folder.size())] = content;
    }
  }
  const auto order = files.find(archive + "/byteorder");
  if (order != files.end() && !starts_with(order->second, "little")) {
    refuse(source, "another byte order", "little endian");
  }
  const Pickle pickle = unpickle(description->second, source);
  return tensors_of(pickle, storages, source);
}

/// Returns what the pickle says about each storage, by key.
std::map<std::string, StorageNote> storage_notes(const Pickle& pickle) {
  std::map<std::string, StorageNote> notes;
  for (const PickleValue& value : pickle.values) {
    if (auto note = storage_note(&value)) notes[note->key] = std::move(*note);
  }
  return notes;
}

/// Reads the format before 1.6: magic number, protocol and platform notes, the tensors, the keys of
/// their storages, then each storage as a count and its numbers.
std::map<std::string, CheckpointTensor> read_sequence(Bytes bytes, const std::string& source) {
  std::size_t position = end_of_old_magic(bytes);
  const auto next = [&] {
    Pickle pickle = unpickle(bytes.subspan(position), source);
    position += pickle.length;
    return pickle;
  };
  next();
  next();
  const Pickle description = next();
  const Pickle keys = next();
  const auto* const key_list = content_of<PickleValue::Sequence>(keys.root);
  if (key_list == nullptr) {
    refuse(source, "no list of storages", "a file of torch.save");
  }
  const auto notes = storage_notes(description);
  ByteCursor cursor(bytes, source);
  cursor.move_to(position);
  Storages storages;
  for (const PickleValue* item : key_list->items) {
    const auto* const key = content_of<std::string>(item);
    const auto note = key == nullptr ? notes.end() : notes.find(*key);
    if (note == notes.end()) {
      refuse(source, "a storage that no tensor uses", "those of its tensors");
    }
    const std::uint64_t element_bytes = note->second.element_bytes;
    if (element_bytes == 0) {
      refuse(source, "numbers of the unknown type " + note->second.type_name,
             "types of known size, since in this old format one follows the other");
    }
    const auto count = cursor.number<std::uint64_t>();
    if (count > bytes.size() / element_bytes) {
      refuse(source, "a storage of " + std::to_string(count) + " numbers",
             "one that fits the file");
    }
    storages[*key] = cursor.take(count * element_bytes);
  }
  return tensors_of(description, storages, source);
}

}  // namespace

Checkpoint read_pytorch_file(const std::filesystem::path& file) {
  const auto mapping = MappedFile::open(file);
  Checkpoint checkpoint;
  checkpoint.source = file.string();
  checkpoint.owners.push_back(mapping);
  if (starts_with(mapping->bytes(), kZipMagic)) {
    checkpoint.tensors = read_archive(mapping->bytes(), checkpoint.source);
  } else if (end_of_old_magic(mapping->bytes()) > 0) {
    checkpoint.tensors = read_sequence(mapping->bytes(), checkpoint.source);
  } else {
    if (starts_with(mapping->bytes(), "\x80")) refuse_plain_pickle(checkpoint.source);
    refuse_foreign(mapping->bytes(), checkpoint.source, "a file of torch.save");
    refuse(checkpoint.source, "neither a zip archive nor a sequence of pickles",
           "a file of torch.save");
  }
  return checkpoint;
}

}  // namespace sketchscope::checkpoint
