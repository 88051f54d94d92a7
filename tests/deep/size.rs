//! Catalogs larger than anybody has: many files, and many cases, in time and memory that grow with their number.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::cargo::{cargo, root, run};

/// The command line as it is released.
fn released() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        run(cargo(&root()).args(["build", "--quiet", "--release", "-p", "waves-errors-cli"]));
        root().join("target/release/waves-errors")
    })
}

/// Some cases with all that a case has, their numbers from `first` on.
fn cases(first: usize, count: usize) -> String {
    let case = |n: usize| {
        format!(
            "[case.case-{n}]\ncode = \"CODE_{n}\"\nmatch = [{{ code = \"CODE_{n}\" }}, {{ status = 418, text = \"teapot number {n} of them\" }}]\n\
             summary = \"The `thing` number {n} went wrong.\"\nretry = \"often\"\naliases = [\"thing {n}\"]\n\
             causes = [{{ id = \"absent\", text = \"It was **not** there.\" }}, {{ id = \"twice\", text = \"It was there twice.\" }}]\n\
             fixes = [{{ text = \"Wait {{retry.initial}}, or [ask](link:help).\", for = [\"absent\"] }}, {{ text = \"Send it once.\", for = [\"twice\"] }}]\n\
             examples = [{{ status = 400, body = '{{\"code\":\"CODE_{n}\"}}' }}]\n"
        )
    };
    (first..first + count).map(case).collect()
}

const HEAD: &str = "[catalog]\nid = \"large\"\n[page]\ntitle = \"Large\"\n[wire]\ncodes = [\"/code\"]\n[links]\nhelp = \"https://help.example/\"\n\
                    [retry.often]\ninitial = \"1s\"\nmax-retries = 1\n";

fn folder(name: &str) -> PathBuf {
    let folder = root().join("target/scratch").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What a process needed: seconds of CPU, and megabytes.
fn measured(arguments: &[&Path]) -> (f64, f64) {
    let script = "import resource, subprocess, sys\n\
                  done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n\
                  used = resource.getrusage(resource.RUSAGE_CHILDREN)\n\
                  print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)";
    let printed = run(Command::new("python3").args(["-c", script]).arg(released()).args(arguments));
    let numbers: Vec<f64> = printed.split_whitespace().map(|number| number.parse().unwrap()).collect();
    assert!(numbers[0] == 0.0, "{arguments:?} ended with {}", numbers[0]);
    (numbers[1], numbers[2])
}

#[test]
#[ignore = "takes minutes"]
fn hundred_files_form_one_catalog() {
    let folder = folder("hundred-files");
    let names: Vec<_> = (0..99).map(|n| format!("part-{n}.toml")).collect();
    for (n, name) in names.iter().enumerate() {
        let page = format!("[page]\ntitle = \"Part {n}\"\n");
        fs::write(folder.join(name), page + &cases(50 * (n + 1), 50)).unwrap();
    }
    let root_file = folder.join("root.toml");
    fs::write(&root_file, format!("schema = 1\ninclude = {names:?}\n{HEAD}{}", cases(0, 50))).unwrap();
    let (seconds, megabytes) = measured(&[Path::new("check"), Path::new("--deny"), Path::new("warnings"), &root_file]);
    println!("check of 5,000 cases in 100 files: {seconds:.2} s, {megabytes:.0} MB");
    measured(&[Path::new("doc"), Path::new("--catalog"), &root_file, Path::new("--out"), &folder.join("pages")]);
    assert_eq!(
        fs::read_dir(folder.join("pages"))
            .unwrap()
            .filter(|entry| is_markdown(&entry.as_ref().unwrap().path()))
            .count(),
        100
    );

    // A case of any file is found, and a mistake in any file is told where it is.
    let explained = run(Command::new(released()).args(["explain", "CODE_4999", "--catalog"]).arg(&root_file));
    assert!(explained.contains("case-4999"), "{explained}");
    let last = folder.join("part-98.toml");
    fs::write(&last, fs::read_to_string(&last).unwrap().replace("CODE_4999", "CODE_0")).unwrap();
    let told = Command::new(released()).arg("check").arg(&root_file).output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(
        told.contains("part-98.toml:") && told.contains("root.toml:") && told.contains("ambiguous-match"),
        "{told}"
    );
}

fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}

/// Time and memory for ten times the cases are ten times as much, and a little for what the machine does besides.
#[test]
#[ignore = "takes minutes"]
fn time_and_memory_grow_linearly_with_cases() {
    let folder = folder("fifty-thousand");
    let file = |count: usize| {
        let file = folder.join(format!("of-{count}.toml"));
        fs::write(&file, format!("schema = 1\n{HEAD}{}", cases(0, count))).unwrap();
        file
    };
    let (small, large) = (file(5_000), file(50_000));
    // As long as all is well, and where nothing is.
    let spoilt = [&small, &large].map(|file| {
        let text = fs::read_to_string(file).unwrap().replace(", for = [\"twice\"]", "");
        let spoilt = file.with_extension("spoilt.toml");
        fs::write(&spoilt, text).unwrap();
        spoilt
    });
    for (command, [small, large]) in
        [("check", [&small, &large]), ("check", spoilt.each_ref()), ("doc", [&small, &large])]
    {
        let mut used = Vec::new();
        for file in [small, large] {
            let out = folder.join("out");
            let _ = fs::remove_dir_all(&out);
            let one = if command == "check" {
                measured(&[Path::new("check"), file])
            } else {
                measured(&[Path::new("doc"), Path::new("--catalog"), file, Path::new("--out"), &out])
            };
            println!("{command} of {}: {:.2} s, {:.0} MB", file.display(), one.0, one.1);
            used.push(one);
        }
        assert!(used[1].0 < 20.0 * used[0].0, "{command}: {used:?}");
        // A hundred thousand problems are not free either.
        assert!(used[1].1 < if small.ends_with("of-5000.toml") { 500.0 } else { 650.0 }, "{command}: {used:?}");
    }
}
