//! Options of command lines whose values are secret, although their names do not say so.

/// An option, or other words before a secret.
pub(super) struct CommandOption {
    /// The option with the space before it. It has a case: `-p` is a password, `-P` a port.
    pub(super) name: &'static str,
    /// The part of the value that is secret.
    pub(super) secret: Part,
    /// The option has this meaning for these commands. Empty for all commands.
    pub(super) commands: &'static [&'static str],
}

/// The secret part of an option's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The whole value, after a space or `=`.
    Whole,
    /// The whole value, without a separator: `-pVALUE`.
    Attached,
    /// The password in `user:password`.
    Password,
}

const fn option(name: &'static str, secret: Part, commands: &'static [&'static str]) -> CommandOption {
    CommandOption { name, secret, commands }
}

/// The options. Others are recognized by their names: `--token VALUE`.
pub(super) const OPTIONS: [CommandOption; 13] = [
    option(" -u", Part::Password, &[]),
    option(" -U", Part::Password, &[]),
    option(" --user", Part::Password, &[]),
    option(" --proxy-user", Part::Password, &[]),
    option(" -a", Part::Password, &["http ", "https ", "http.exe"]),
    option(" -a", Part::Whole, &["redis-cli"]),
    option(" -b", Part::Whole, &["curl"]),
    option(" -p", Part::Whole, &[" login", "sshpass"]),
    option(" -p", Part::Attached, &["mysql", "mariadb", "sshpass"]),
    option(" -w", Part::Whole, &["ldapsearch", "ldapmodify", "ldapadd", "ldapwhoami"]),
    option(" IDENTIFIED BY", Part::Whole, &[]),
    option(" identified by", Part::Whole, &[]),
    option(" --requirepass", Part::Whole, &[]),
];
