package import RemoteControl

/// What a page says of the desk's keyboard layout.
package enum LayoutRequest: Hashable, Sendable {
    /// It is to be this one; `nil`: that of whoever drives, as far as their page knows it.
    case choose(KeyboardLayout?)
    /// This person's own keyboard has this layout.
    case own(KeyboardLayout)

    /// In settings and messages: that of whoever drives.
    package static let auto = "auto"
}
