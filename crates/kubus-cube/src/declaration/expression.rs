//! SQL *expressions* over declared columns: the only code a municipality writes.
//!
//! A text is bounded in size, parsed by DataFusion in a session without tables, catalogs, file
//! formats or table functions, and walked: subqueries, unknown columns, functions outside the
//! allow-list, and trees deeper than [`DEEPEST`] or larger than [`LARGEST`] nodes are refused. No
//! statement is ever planned: nothing here calls `sql()`. Called by the checks of declarations and
//! by [`crate::link`].

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, Schema};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, DataFusionError, SchemaError};
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::Expr;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
use kubus_model::Finding;

use super::nearest::nearest;

/// Deepest tree that is accepted.
pub(crate) const DEEPEST: usize = 32;
/// Most nodes that are accepted.
pub(crate) const LARGEST: usize = 500;
/// Most tokens that are parsed at all: bounds the parser's own recursion.
const MOST_TOKENS: usize = 1_000;
/// Longest text that is looked at, in bytes.
const LONGEST: usize = 8_192;

/// Functions that may be used: pure, deterministic, no clock and no chance.
pub(crate) const FUNCTIONS: [&str; 31] = [
    "btrim",
    "character_length",
    "coalesce",
    "concat",
    "contains",
    "date_part",
    "date_trunc",
    "ends_with",
    "greatest",
    "least",
    "left",
    "lower",
    "lpad",
    "ltrim",
    "make_date",
    "nullif",
    "nvl",
    "regexp_like",
    "regexp_replace",
    "replace",
    "right",
    "rpad",
    "rtrim",
    "split_part",
    "starts_with",
    "strpos",
    "substr",
    "substring",
    "to_char",
    "to_date",
    "upper",
];

/// Words before a bracket that are syntax and not a function.
const SYNTAX: [&str; 22] = [
    "and",
    "or",
    "not",
    "in",
    "when",
    "then",
    "else",
    "case",
    "between",
    "like",
    "ilike",
    "is",
    "cast",
    "try_cast",
    "extract",
    "trim",
    "position",
    "by",
    "varchar",
    "decimal",
    "length",
    "char_length",
];

/// What an expression must give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Gives {
    /// True, false or unknown.
    Truth,
    /// A number.
    Number,
    /// Anything that can be a column.
    Anything,
}

/// An expression that was accepted.
#[derive(Debug, Clone)]
pub(crate) struct Expression {
    /// What evaluates it over a batch with the schema it was compiled for.
    pub(crate) physical: Arc<dyn PhysicalExpr>,
    /// The type of its values.
    pub(crate) kind: DataType,
}

/// Why an expression was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Too long, too deep or too many parts.
    TooLarge,
    /// It is not an expression.
    Syntax(String),
    /// It holds a query.
    Query,
    /// It names a column that was not declared.
    Column(String, Option<String>),
    /// It calls a function outside the list.
    Function(String, Option<String>),
    /// It holds something else that is not allowed: an aggregate, a placeholder.
    Construct(String),
    /// It gives another type than it must.
    Type(&'static str, String),
}

impl Refusal {
    /// As a finding; `key` names the key in the declaration.
    pub(crate) fn finding(&self, key: &str) -> Finding {
        let near = |n: &Option<String>| n.clone().unwrap_or_else(|| "none".to_owned());
        let finding = match self {
            Self::TooLarge => Finding::error("expression-too-large").with("deepest", DEEPEST).with("largest", LARGEST),
            Self::Syntax(reason) => Finding::error("expression-not-understood").with("reason", reason),
            Self::Query => Finding::error("expression-query"),
            Self::Column(name, n) => {
                Finding::error("expression-unknown-column").with("name", name).with("suggestion", near(n))
            }
            Self::Function(name, n) => {
                Finding::error("expression-unknown-function").with("name", name).with("suggestion", near(n))
            }
            Self::Construct(what) => Finding::error("expression-not-allowed").with("what", what),
            Self::Type(wanted, found) => {
                Finding::error("expression-wrong-type").with("wanted", wanted).with("found", found)
            }
        };
        finding.with("key", key)
    }
}

/// A session that knows the allowed functions and nothing else: no tables, no files, no catalog.
static SESSION: LazyLock<SessionState> = LazyLock::new(|| {
    let allowed = datafusion::functions::all_default_functions()
        .into_iter()
        .filter(|f| is_allowed(f.name()) || f.aliases().iter().any(|a| is_allowed(a)))
        .collect();
    SessionStateBuilder::new()
        .with_scalar_functions(allowed)
        .with_expr_planners(SessionStateDefaults::default_expr_planners())
        .build()
});

fn is_allowed(name: &str) -> bool {
    FUNCTIONS.contains(&name)
}

/// Accepts and compiles an expression over the columns of `schema`.
pub(crate) fn compile(sql: &str, schema: &Schema, gives: Gives) -> Result<Expression, Refusal> {
    scan(sql)?;
    let columns: BTreeSet<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    let df_schema = DFSchema::try_from(schema.clone()).map_err(|e| Refusal::Syntax(e.strip_backtrace()))?;
    let expr = SESSION.create_logical_expr(sql, &df_schema).map_err(|e| refusal(&e, &columns))?;
    walk(&expr, &columns)?;
    let physical = SESSION.create_physical_expr(expr, &df_schema).map_err(|e| refusal(&e, &columns))?;
    let kind = physical.data_type(schema).map_err(|e| refusal(&e, &columns))?;
    check_type(&kind, gives)?;
    Ok(Expression { physical, kind })
}

/// Bounds the text and refuses queries and unknown functions by their tokens, before anything is
/// planned.
fn scan(sql: &str) -> Result<(), Refusal> {
    if sql.len() > LONGEST {
        return Err(Refusal::TooLarge);
    }
    let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize().map_err(|e| Refusal::Syntax(e.to_string()))?;
    let tokens: Vec<&Token> = tokens.iter().filter(|t| !matches!(t, Token::Whitespace(_))).collect();
    if tokens.len() > MOST_TOKENS {
        return Err(Refusal::TooLarge);
    }
    if tokens.iter().any(|t| is_word(t, "select") || is_word(t, "values") || matches!(t, Token::SemiColon)) {
        return Err(Refusal::Query);
    }
    tokens.windows(2).try_for_each(|pair| match pair {
        [Token::Word(word), Token::LParen] => known_function(&word.value.to_lowercase()),
        _ => Ok(()),
    })
}

fn is_word(token: &Token, text: &str) -> bool {
    matches!(token, Token::Word(word) if word.quote_style.is_none() && word.value.eq_ignore_ascii_case(text))
}

fn known_function(name: &str) -> Result<(), Refusal> {
    if FUNCTIONS.contains(&name) || SYNTAX.contains(&name) {
        return Ok(());
    }
    Err(Refusal::Function(name.to_owned(), nearest(name, FUNCTIONS).map(str::to_owned)))
}

/// What DataFusion's error means to the writer of the declaration.
fn refusal(error: &DataFusionError, columns: &BTreeSet<&str>) -> Refusal {
    match error.find_root() {
        DataFusionError::SchemaError(schema, _) => match schema.as_ref() {
            SchemaError::FieldNotFound { field, .. } => unknown_column(field.name(), columns),
            other => Refusal::Syntax(other.to_string()),
        },
        other => Refusal::Syntax(first_line(&other.strip_backtrace())),
    }
}

fn unknown_column(name: &str, columns: &BTreeSet<&str>) -> Refusal {
    Refusal::Column(name.to_owned(), nearest(name, columns.iter().copied()).map(str::to_owned))
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(300).collect()
}

/// Walks the tree: bounded depth and size, allowed nodes only.
fn walk(expr: &Expr, columns: &BTreeSet<&str>) -> Result<(), Refusal> {
    let mut nodes = 0;
    let mut level = vec![expr];
    for depth in 0.. {
        if level.is_empty() {
            break;
        }
        nodes += level.len();
        if depth >= DEEPEST || nodes > LARGEST {
            return Err(Refusal::TooLarge);
        }
        level.iter().try_for_each(|node| allowed_node(node, columns))?;
        level = level.into_iter().flat_map(children).collect();
    }
    Ok(())
}

fn children(expr: &Expr) -> Vec<&Expr> {
    let mut found = Vec::new();
    let walked = expr.apply_children(|child| {
        found.push(child);
        Ok(TreeNodeRecursion::Continue)
    });
    if walked.is_err() {
        found.clear();
    }
    found
}

fn allowed_node(expr: &Expr, columns: &BTreeSet<&str>) -> Result<(), Refusal> {
    match expr {
        Expr::Column(column) if columns.contains(column.name()) => Ok(()),
        Expr::Column(column) => Err(unknown_column(column.name(), columns)),
        Expr::ScalarFunction(call) if is_allowed(call.name()) || call.func.aliases().iter().any(|a| is_allowed(a)) => {
            Ok(())
        }
        Expr::ScalarFunction(call) => Err(Refusal::Function(call.name().to_owned(), None)),
        Expr::Exists(_) | Expr::InSubquery(_) | Expr::ScalarSubquery(_) | Expr::SetComparison(_) => Err(Refusal::Query),
        Expr::Literal(..)
        | Expr::Alias(_)
        | Expr::BinaryExpr(_)
        | Expr::Like(_)
        | Expr::Not(_)
        | Expr::IsNotNull(_)
        | Expr::IsNull(_)
        | Expr::IsTrue(_)
        | Expr::IsFalse(_)
        | Expr::IsUnknown(_)
        | Expr::IsNotTrue(_)
        | Expr::IsNotFalse(_)
        | Expr::IsNotUnknown(_)
        | Expr::Negative(_)
        | Expr::Between(_)
        | Expr::Case(_)
        | Expr::Cast(_)
        | Expr::TryCast(_)
        | Expr::InList(_) => Ok(()),
        other => Err(Refusal::Construct(other.variant_name().to_owned())),
    }
}

fn check_type(kind: &DataType, gives: Gives) -> Result<(), Refusal> {
    let wanted = match gives {
        Gives::Truth if !matches!(kind, DataType::Boolean | DataType::Null) => "true-or-false",
        Gives::Number if !kind.is_numeric() => "number",
        _ => return Ok(()),
    };
    Err(Refusal::Type(wanted, kind.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::datatypes::Field;

    fn schema() -> Schema {
        Schema::new(vec![
            Field::new("age", DataType::Int64, true),
            Field::new("tenure", DataType::Utf8, true),
            Field::new("born", DataType::Date32, true),
        ])
    }

    fn refused(sql: &str) -> Refusal {
        compile(sql, &schema(), Gives::Anything).expect_err(sql)
    }

    #[test]
    fn ordinary_conditions_and_recodes_are_accepted() {
        for sql in [
            "age >= 65 AND tenure = 'huur'",
            "tenure IN ('huur', 'koop') OR tenure IS NULL",
            "CASE WHEN age < 18 THEN 'jong' WHEN age BETWEEN 18 AND 64 THEN 'midden' ELSE 'oud' END",
            "date_part('year', born) < 1960",
            "extract(year from born) + 1",
            "born >= date '1990-01-01'",
            "substr(upper(tenure), 1, 2)",
            "CAST(tenure AS INT) > 3",
            "coalesce(age, 0) * 2 - 1",
            "tenure LIKE 'h%'",
        ] {
            assert!(compile(sql, &schema(), Gives::Anything).is_ok(), "{sql}: {:?}", refused(sql));
        }
    }

    #[test]
    fn queries_and_statements_are_refused() {
        for sql in [
            "(SELECT 1)",
            "EXISTS (SELECT 1)",
            "age IN (SELECT 1)",
            "age > ALL (SELECT 1)",
            "1; DROP TABLE x",
            "'a' = (VALUES ('a'))",
        ] {
            assert_eq!(refused(sql), Refusal::Query, "{sql}");
        }
        for sql in ["COPY x TO 'y'", "CREATE EXTERNAL TABLE x", "SHOW TABLES", ""] {
            assert!(matches!(refused(sql), Refusal::Syntax(_) | Refusal::Column(..)), "{sql}");
        }
    }

    #[test]
    fn functions_outside_the_list_are_refused() {
        for sql in ["now()", "random() > 0.5", "read_file('x')", "sum(age)", "count(*)", "current_date()", "uuid()"] {
            assert!(matches!(refused(sql), Refusal::Function(..)), "{sql}: {:?}", refused(sql));
        }
        assert_eq!(refused("uper(tenure)"), Refusal::Function("uper".into(), Some("upper".into())));
    }

    #[test]
    fn a_column_that_is_not_declared_is_refused_with_the_nearest() {
        assert_eq!(refused("tenur = 'huur'"), Refusal::Column("tenur".into(), Some("tenure".into())));
    }

    #[test]
    fn large_and_deep_expressions_are_refused_before_they_hurt() {
        let or = vec!["age = 1"; 20_000].join(" OR ");
        assert_eq!(refused(&or), Refusal::TooLarge);
        assert_eq!(refused(&vec!["age = 1"; 40].join(" OR ")), Refusal::TooLarge);
        assert_eq!(refused(&format!("{}age{}", "(".repeat(5_000), ")".repeat(5_000))), Refusal::TooLarge);
        assert!(!matches!(refused(&format!("{}age{}", "(".repeat(400), ")".repeat(400))), Refusal::Query));
        let list: Vec<String> = (0..450).map(|n| n.to_string()).collect();
        assert!(compile(&format!("age IN ({})", list.join(",")), &schema(), Gives::Truth).is_ok());
    }

    #[test]
    fn the_type_that_is_needed_is_checked() {
        let wrong = compile("age + 1", &schema(), Gives::Truth).expect_err("not a condition");
        assert!(matches!(wrong, Refusal::Type("true-or-false", _)));
        let wrong = compile("tenure", &schema(), Gives::Number).expect_err("not a number");
        assert!(matches!(wrong, Refusal::Type("number", _)));
    }
}
