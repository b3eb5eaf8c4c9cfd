#include "tests/support/torch_file.hpp"

#include <cstring>

namespace sketchscope::support {
namespace {

template <typename Number>
std::string raw(Number number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += part;
  return all;
}

std::string entries_of(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string all = "(";
  for (const auto& [key, value] : entries) all += pickled::text(key) + value;
  return all + "u";
}

std::string as_file(const std::string& pickle) {
  return "\x80\x02" + pickle + ".";
}

/// One file of a zip archive, as a local header with content, and its entry in the directory.
std::string zip_header(const std::string& name, const std::string& content, bool in_directory,
                       std::uint32_t offset) {
  const auto size = static_cast<std::uint32_t>(content.size());
  std::string header = in_directory ? "PK\x01\x02" + raw<std::uint16_t>(20) : "PK\x03\x04";
  header += raw<std::uint16_t>(20) + std::string(12, '\0');  // flags, method, time, date, checksum
  header +=
      raw(size) + raw(size) + raw(static_cast<std::uint16_t>(name.size())) + raw<std::uint16_t>(0);
  if (in_directory) header += std::string(10, '\0') + raw(offset);
  return header + name + (in_directory ? "" : content);
}

}  // namespace

namespace pickled {

std::string none() {
  return "N";
}

std::string integer(std::int64_t number) {
  return "\x8A\x08" + raw(number);
}

std::string long_integer(const std::string& bytes) {
  return "\x8A" + raw(static_cast<std::uint8_t>(bytes.size())) + bytes;
}

std::string text(const std::string& text) {
  return "X" + raw(static_cast<std::uint32_t>(text.size())) + text;
}

std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}

std::string tuple(const std::vector<std::string>& items) {
  return "(" + joined(items) + "t";
}

std::string numbers(const std::vector<std::int64_t>& items) {
  std::string all = "(";
  for (const std::int64_t item : items) all += integer(item);
  return all + "t";
}

std::string list(const std::vector<std::string>& items) {
  return "](" + joined(items) + "e";
}

std::string dictionary(const std::vector<std::pair<std::string, std::string>>& entries) {
  return "}" + entries_of(entries);
}

std::string call(const std::string& function, const std::vector<std::string>& arguments) {
  return function + tuple(arguments) + "R";
}

std::string object(const std::string& type, const std::string& attributes) {
  return type + ")\x81" + attributes + "b";
}

std::string ordered(const std::vector<std::pair<std::string, std::string>>& entries) {
  return call(global("collections", "OrderedDict"), {}) + entries_of(entries);
}

}  // namespace pickled

std::string TorchFile::storage(const std::string& bytes, const std::string& type,
                               std::int64_t element_bytes) {
  const std::string key = std::to_string(storages_.size());
  storages_.push_back({bytes, element_bytes});
  return pickled::tuple(
             {pickled::text("storage"), pickled::global("torch", type), pickled::text(key),
              pickled::text("cpu"),
              pickled::integer(static_cast<std::int64_t>(bytes.size()) / element_bytes)}) +
         "Q";
}

std::string TorchFile::tensor(const std::string& storage, std::int64_t offset,
                              const std::vector<std::int64_t>& shape,
                              const std::vector<std::int64_t>& strides) {
  return pickled::call(pickled::global("torch._utils", "_rebuild_tensor_v2"),
                       {storage, pickled::integer(offset), pickled::numbers(shape),
                        pickled::numbers(strides), "\x89", pickled::ordered({})});
}

std::string TorchFile::zip(const std::string& pickle) const {
  std::vector<std::pair<std::string, std::string>> files = {{"archive/data.pkl", as_file(pickle)},
                                                            {"archive/byteorder", "little"}};
  for (std::size_t i = 0; i < storages_.size(); ++i) {
    files.emplace_back("archive/data/" + std::to_string(i), storages_[i].bytes);
  }
  std::string archive;
  std::string directory;
  for (const auto& [name, content] : files) {
    directory += zip_header(name, content, true, static_cast<std::uint32_t>(archive.size()));
    archive += zip_header(name, content, false, 0);
  }
  const auto count = static_cast<std::uint16_t>(files.size());
  return archive + directory + "PK\x05\x06" + std::string(4, '\0') + raw(count) + raw(count) +
         raw(static_cast<std::uint32_t>(directory.size())) +
         raw(static_cast<std::uint32_t>(archive.size())) + std::string(2, '\0');
}

std::string TorchFile::sequence(const std::string& pickle) const {
  std::vector<std::string> keys;
  std::string data;
  for (std::size_t i = 0; i < storages_.size(); ++i) {
    keys.push_back(pickled::text(std::to_string(i)));
    const std::string& bytes = storages_[i].bytes;
    data += raw(static_cast<std::int64_t>(bytes.size()) / storages_[i].element_bytes) + bytes;
  }
  const std::string magic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10);
  return as_file(pickled::long_integer(magic)) + as_file(pickled::integer(1001)) +
         as_file(pickled::dictionary({{"little_endian", "\x88"}})) + as_file(pickle) +
         as_file(pickled::list(keys)) + data;
}

}  // namespace sketchscope::support
