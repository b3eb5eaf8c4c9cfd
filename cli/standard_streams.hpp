#pragma once

#include <exception>
#include <stop_token>
#include <string>
#include <string_view>

namespace sketchscope::cli {

/// The exception that ends a command because nobody reads its standard output any more, as in
/// `sketchscope tale | head -1`. By convention that is no failure.
class ReaderGone final : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override;
};

/// Makes a write to a closed pipe or beyond a limit of file sizes fail instead of ending the
/// program, and gives closed standard streams a descriptor that refuses every access, so that no
/// file opened later is taken for one of them. Call it first.
void prepare_standard_streams();

/// Writes all bytes to standard output, none of which is buffered. It is the only way to write
/// there. Throws Error if they cannot be written, ReaderGone if nobody reads them.
void write_standard_output(std::string_view bytes);

/// Reads standard input to its end. Throws Cancelled when a stop is requested meanwhile, Error if
/// it cannot be read.
std::string read_standard_input(const std::stop_token& stop);

}  // namespace sketchscope::cli
