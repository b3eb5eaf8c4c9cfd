#pragma once

#include <optional>
#include <string>

#include "gui/view/study_sheet.hpp"

namespace sketchscope::view {

/// Returns the sheet with columns that compare each row with a reference on the same texts, paired
/// by text: perplexity over the reference's, logit KL less the reference's, their 95 % intervals
/// and the number of texts. They stand before the other figures. `reference` is as in
/// study::pairs_against(), which also tells which reference each row has; where a row is a
/// reference, its new cells are absent. Throws UsageError with the nearest names if none is meant.
StudySheet paired_sheet(const StudySheet& sheet, const std::string& reference);

/// A study's sheet against a reference that may change, paired anew only where one of them did.
class PairedSheet {
 public:
  /// Returns the sheet with its pairs; the sheet itself if `reference` is empty or none of its
  /// rows. Valid until the next call, and as long as `sheet`.
  const StudySheet& of(const StudySheet& sheet, const std::string& reference);

 private:
  /// The rows that were paired last. They are kept, so that no other sheet's have their address.
  std::shared_ptr<const StudyRows> measured_;
  std::string reference_;
  std::optional<StudySheet> paired_;
};

}  // namespace sketchscope::view
