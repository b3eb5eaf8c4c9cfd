#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sketchscope::support {

/// Pickled values as bytes: each function returns the operations that leave one value on the stack
/// of a protocol 2 unpickler.
namespace pickled {

std::string none();
std::string integer(std::int64_t number);
/// An integer of this many bytes, little endian, at most 255.
std::string long_integer(const std::string& bytes);
std::string text(const std::string& text);
std::string global(const std::string& module, const std::string& name);
std::string tuple(const std::vector<std::string>& items);
std::string numbers(const std::vector<std::int64_t>& items);
std::string list(const std::vector<std::string>& items);
std::string dictionary(const std::vector<std::pair<std::string, std::string>>& entries);
/// The call of a function: its global and a tuple of arguments.
std::string call(const std::string& function, const std::vector<std::string>& arguments);
/// An object made without arguments, with attributes.
std::string object(const std::string& type, const std::string& attributes);
/// An OrderedDict that is made empty and then filled.
std::string ordered(const std::vector<std::pair<std::string, std::string>>& entries);

}  // namespace pickled

/// A file of torch.save: storages are added, and tensors that view them are pickled.
class TorchFile {
 public:
  /// Adds a storage of numbers and returns its reference. `type` is a class such as "FloatStorage".
  std::string storage(const std::string& bytes, const std::string& type = "FloatStorage",
                      std::int64_t element_bytes = 4);
  /// Returns the pickle of a view of a storage.
  static std::string tensor(const std::string& storage, std::int64_t offset,
                            const std::vector<std::int64_t>& shape,
                            const std::vector<std::int64_t>& strides);

  /// Returns the file whose value is `pickle`: a zip archive of stored files.
  [[nodiscard]] std::string zip(const std::string& pickle) const;
  /// Returns the same in the format before 1.6.
  [[nodiscard]] std::string sequence(const std::string& pickle) const;

 private:
  struct Storage {
    std::string bytes;
    std::int64_t element_bytes = 0;
  };
  std::vector<Storage> storages_;
};

}  // namespace sketchscope::support
